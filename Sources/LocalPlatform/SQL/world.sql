-- A believable world: kitchens, suppliers, a catalogue and prices. Everything here is invented.
-- Idempotent: a second run puts changed rows right and keeps what orders already point to.
-- Run after schema.sql on the database "platform".

\set QUIET on
SET client_min_messages = warning;
BEGIN;

CREATE TEMP TABLE in_kitchens (LIKE platform.kitchens) ON COMMIT DROP;
CREATE TEMP TABLE in_suppliers (LIKE platform.suppliers) ON COMMIT DROP;
CREATE TEMP TABLE in_items (code text, name text, category text, unit text, pack_size text,
                            allergens text[], base_minor bigint) ON COMMIT DROP;

-- code|name|city|country|region|currency|time zone|held above (minor units)|how busy
COPY in_kitchens (code, name, city, country, region, currency, time_zone, hold_above_minor, weight) FROM stdin WITH (DELIMITER '|');
DUB-01|Liffey Canteen|Dublin|IE|eu-west-1|EUR|Europe/Dublin|150000|1.2
DUB-02|Docklands Kitchen|Dublin|IE|eu-west-1|EUR|Europe/Dublin|120000|0.9
ORK-01|The English Market Table|Cork|IE|eu-west-1|EUR|Europe/Dublin|90000|0.5
LON-01|Southwark Central Kitchen|London|GB|eu-west-1|GBP|Europe/London|180000|1.9
LON-02|Shoreditch Rooms|London|GB|eu-west-1|GBP|Europe/London|120000|1.3
LON-03|King's Cross Canteen|London|GB|eu-west-1|GBP|Europe/London|150000|1.4
LON-04|Greenwich Riverside|London|GB|eu-west-1|GBP|Europe/London|90000|0.7
MAN-01|Ancoats Works|Manchester|GB|eu-west-1|GBP|Europe/London|110000|0.9
EDI-01|Leith Shore|Edinburgh|GB|eu-west-1|GBP|Europe/London|100000|0.6
BRS-01|Harbourside Bakery & Kitchen|Bristol|GB|eu-west-1|GBP|Europe/London|80000|0.5
PAR-01|Cantine du Marais|Paris|FR|eu-west-1|EUR|Europe/Paris|150000|1.4
PAR-02|La Défense Restauration|Paris|FR|eu-west-1|EUR|Europe/Paris|190000|1.7
LYS-01|Bouchon des Brotteaux|Lyon|FR|eu-west-1|EUR|Europe/Paris|90000|0.6
LIS-01|Cozinha da Graça|Lisbon|PT|eu-west-1|EUR|Europe/Lisbon|80000|0.6
MAD-01|Cocina de Chamberí|Madrid|ES|eu-west-1|EUR|Europe/Madrid|110000|1.0
BCN-01|Poblenou Obrador|Barcelona|ES|eu-west-1|EUR|Europe/Madrid|100000|0.8
BRU-01|Keuken van het Zuid / Cuisine du Midi|Brussels|BE|eu-west-1|EUR|Europe/Brussels|90000|0.6
MUC-01|Küche am Viktualienmarkt|Munich|DE|eu-central-1|EUR|Europe/Berlin|130000|1.3
MUC-02|Schwabinger Großküche|Munich|DE|eu-central-1|EUR|Europe/Berlin|160000|1.5
BER-01|Kreuzberg Kantine|Berlin|DE|eu-central-1|EUR|Europe/Berlin|120000|1.2
BER-02|Spreebogen Catering|Berlin|DE|eu-central-1|EUR|Europe/Berlin|150000|1.1
HAM-01|Speicherstadt Kombüse|Hamburg|DE|eu-central-1|EUR|Europe/Berlin|110000|0.9
FRA-01|Mainhattan Betriebsrestaurant|Frankfurt|DE|eu-central-1|EUR|Europe/Berlin|140000|1.2
CGN-01|Brauhausküche Südstadt|Cologne|DE|eu-central-1|EUR|Europe/Berlin|90000|0.6
STR-01|Stuttgarter Schulverpflegung und Gemeinschaftsküche Bad Cannstatt|Stuttgart|DE|eu-central-1|EUR|Europe/Berlin|170000|1.0
VIE-01|Naschmarkt Küche|Vienna|AT|eu-central-1|EUR|Europe/Vienna|110000|1.0
VIE-02|Prater Hauptküche|Vienna|AT|eu-central-1|EUR|Europe/Vienna|100000|0.7
MIL-01|Cucina Navigli|Milan|IT|eu-central-1|EUR|Europe/Rome|110000|1.0
ZRH-01|Limmatküche|Zürich|CH|eu-central-1|CHF|Europe/Zurich|170000|1.2
ZRH-02|Oerlikon Personalrestaurant|Zürich|CH|eu-central-1|CHF|Europe/Zurich|150000|0.8
GVA-01|Cuisine des Pâquis|Geneva|CH|eu-central-1|CHF|Europe/Zurich|140000|0.7
BSL-01|Rheinhafen Mensa|Basel|CH|eu-central-1|CHF|Europe/Zurich|120000|0.5
NYC-01|Gowanus Commissary|New York|US|us-east-1|USD|America/New_York|200000|1.8
NYC-02|Bryant Park Test Kitchen|New York|US|us-east-1|USD|America/New_York|140000|1.0
BOS-01|Seaport Commons|Boston|US|us-east-1|USD|America/New_York|130000|0.9
PHL-01|Reading Terminal Prep|Philadelphia|US|us-east-1|USD|America/New_York|100000|0.7
IAD-01|Union Market Kitchen|Washington|US|us-east-1|USD|America/New_York|120000|0.8
ATL-01|Ponce Street Supper Club|Atlanta|US|us-east-1|USD|America/New_York|100000|0.7
MIA-01|Cocina Wynwood|Miami|US|us-east-1|USD|America/New_York|110000|0.8
CLT-01|South End Provisions|Charlotte|US|us-east-1|USD|America/New_York|80000|0.4
\.

-- code|name|country|currency|lead time (h)|cut-off|time zone|minimum order (minor)|email|categories
COPY in_suppliers (code, name, country, currency, lead_time_hours, cut_off, time_zone, minimum_order_minor, email, categories) FROM stdin WITH (DELIMITER '|');
GRUENTAL|Gemüsehof Grüntal eG|DE|EUR|14|22:00|Europe/Berlin|8000|bestellung@gruental.example|{produce,dairy}
METZKER|Metzgerei Bäumler & Söhne|DE|EUR|20|16:00|Europe/Berlin|12000|auftrag@baeumler.example|{meat,dairy}
MARITIME|Marée Atlantique|FR|EUR|12|23:30|Europe/Paris|15000|commandes@maree.example|{fish,frozen}
ROYALE|Épicerie Royale de l'Île-Saint-Louis, Produits Fins et Comestibles|FR|EUR|36|15:00|Europe/Paris|10000|pro@royale.example|{"dry goods",pantry,beverages,bakery}
CONTIVO|Contivo Foodservice Europe|NL|EUR|24|18:00|Europe/Amsterdam|15000|orders@contivo.example|{"dry goods",pantry,frozen,dairy,beverages,non-food,meat,bakery}
ALBION|Albion Wholesale Foods|GB|GBP|24|20:00|Europe/London|10000|orders@albion.example|{"dry goods",pantry,dairy,frozen,beverages,non-food,bakery}
NEWCOV|New Covent Greens|GB|GBP|12|23:00|Europe/London|6000|night.desk@newcovgreens.example|{produce,dairy}
BILLINGS|Billings & Daughters, Fish and Meat|GB|GBP|16|21:00|Europe/London|12000|hello@billings.example|{fish,meat}
ALPENGUT|Alpengut Käse und Molkerei AG|CH|CHF|18|19:00|Europe/Zurich|12000|bestellen@alpengut.example|{dairy,produce,bakery}
HELVEFOOD|HelveFood Großhandel AG|CH|CHF|24|17:00|Europe/Zurich|18000|order@helvefood.example|{meat,fish,"dry goods",pantry,frozen,beverages,non-food}
HUDSON|Hudson Valley Produce Cooperative|US|USD|14|22:30|America/New_York|9000|orders@hudsonvalley.example|{produce,dairy}
ATLANTIC|Atlantic Meat & Seafood Co.|US|USD|18|20:00|America/New_York|20000|desk@atlanticms.example|{meat,fish}
KEYSTONE|Keystone Restaurant Supply|US|USD|30|17:00|America/New_York|15000|sales@keystone.example|{"dry goods",pantry,frozen,beverages,non-food,bakery,dairy}
NORTESUR|Norte y Sur Alimentación|ES|EUR|22|19:30|Europe/Madrid|9000|pedidos@nortesur.example|{produce,pantry,fish,"dry goods"}
\.

-- code|name|category|unit|pack|allergens (the EU's fourteen)|price of a pack in EUR cents
COPY in_items FROM stdin WITH (DELIMITER '|');
PRO-0101|Roma tomatoes|produce|kg|6 kg crate|{}|890
PRO-0102|Vine cherry tomatoes|produce|kg|9 x 500 g punnet|{}|1650
PRO-0103|Beef tomatoes|produce|kg|6 kg crate|{}|1120
PRO-0104|White onions|produce|kg|10 kg net|{}|740
PRO-0105|Red onions|produce|kg|10 kg net|{}|890
PRO-0106|Banana shallots|produce|kg|5 kg net|{}|1180
PRO-0107|Garlic, purple, peeled|produce|kg|1 kg tub|{}|760
PRO-0108|Ginger root|produce|kg|5 kg box|{}|1490
PRO-0109|Carrots, washed|produce|kg|10 kg bag|{}|820
PRO-0110|Baby carrots with tops|produce|bunch|12 bunches|{}|1560
PRO-0111|Celeriac|produce|pc|8 pieces|{}|1090
PRO-0112|Celery sticks|produce|kg|12 x 400 g sleeve|{}|1340
PRO-0113|Leeks|produce|kg|5 kg crate|{}|980
PRO-0114|Fennel bulbs|produce|kg|5 kg crate|{}|1380
PRO-0115|Courgettes|produce|kg|5 kg crate|{}|960
PRO-0116|Aubergines|produce|kg|5 kg crate|{}|1210
PRO-0117|Red peppers|produce|kg|5 kg crate|{}|1540
PRO-0118|Yellow peppers|produce|kg|5 kg crate|{}|1590
PRO-0119|Padrón peppers|produce|kg|10 x 200 g bag|{}|2190
PRO-0120|Chillies, red, long|produce|kg|2 kg box|{}|1240
PRO-0121|Cucumbers|produce|pc|12 pieces|{}|1010
PRO-0122|Iceberg lettuce|produce|pc|10 pieces|{}|980
PRO-0123|Baby gem lettuce|produce|pc|24 pieces|{}|1680
PRO-0124|Rocket, washed|produce|kg|1 kg bag|{}|890
PRO-0125|Baby spinach, washed|produce|kg|1 kg bag|{}|840
PRO-0126|Lamb's lettuce|produce|kg|1 kg box|{}|1460
PRO-0127|Radicchio di Treviso|produce|kg|3 kg crate|{}|1720
PRO-0128|Savoy cabbage|produce|pc|8 pieces|{}|1140
PRO-0129|Red cabbage|produce|pc|6 pieces|{}|980
PRO-0130|Cauliflower|produce|pc|8 pieces|{}|1490
PRO-0131|Broccoli|produce|kg|6 kg crate|{}|1580
PRO-0132|Green asparagus|produce|kg|5 kg crate|{}|3890
PRO-0133|White asparagus, Spargel, class I|produce|kg|5 kg crate|{}|5450
PRO-0134|Green beans, extra fine|produce|kg|5 kg crate|{}|2240
PRO-0135|Sweetcorn cobs|produce|pc|12 x 2 pack|{}|1760
PRO-0136|Button mushrooms|produce|kg|3 kg crate|{}|1090
PRO-0137|King oyster mushrooms|produce|kg|2 kg box|{}|1620
PRO-0138|Chanterelles, Pfifferlinge|produce|kg|2 kg crate|{}|3980
PRO-0139|Jerusalem artichokes|produce|kg|5 kg bag|{}|1560
PRO-0140|Potatoes, waxy|produce|kg|12.5 kg bag|{}|1080
PRO-0141|Potatoes, floury|produce|kg|25 kg sack|{}|1690
PRO-0142|Sweet potatoes|produce|kg|6 kg box|{}|1190
PRO-0143|Beetroot, raw|produce|kg|5 kg net|{}|720
PRO-0144|Beetroot, cooked, vacuum packed|produce|kg|12 x 500 g pack|{}|1380
PRO-0145|Butternut squash|produce|kg|10 kg box|{}|1240
PRO-0146|Avocados, Hass, ready to eat|produce|pc|18 pieces|{}|2350
PRO-0147|Lemons, unwaxed|produce|kg|6 kg crate|{}|1390
PRO-0148|Limes|produce|pc|54 pieces|{}|1540
PRO-0149|Oranges for juice|produce|kg|15 kg box|{}|1980
PRO-0150|Apples, Granny Smith|produce|kg|12 kg box|{}|2090
PRO-0151|Pears, Conference|produce|kg|10 kg box|{}|1880
PRO-0152|Bananas|produce|kg|18 kg box|{}|2190
PRO-0153|Strawberries|produce|kg|8 x 500 g punnet|{}|2490
PRO-0154|Raspberries|produce|kg|12 x 125 g punnet|{}|2140
PRO-0155|Blueberries|produce|kg|12 x 125 g punnet|{}|1980
PRO-0156|Mangoes, ready to eat|produce|pc|9 pieces|{}|1690
PRO-0157|Pineapples|produce|pc|6 pieces|{}|1450
PRO-0158|Flat-leaf parsley|produce|bunch|10 bunches|{}|780
PRO-0159|Coriander|produce|bunch|10 bunches|{}|820
PRO-0160|Basil, Genovese|produce|kg|10 x 50 g bunch|{}|1150
PRO-0161|Thyme|produce|bunch|10 bunches|{}|980
PRO-0162|Rosemary|produce|bunch|10 bunches|{}|960
PRO-0163|Chives|produce|bunch|10 bunches|{}|890
PRO-0164|Mint|produce|bunch|10 bunches|{}|790
DAI-0101|Whole milk 3.5 %|dairy|l|12 x 1 l carton|{milk}|1320
DAI-0102|Semi-skimmed milk 1.5 %|dairy|l|12 x 1 l carton|{milk}|1240
DAI-0103|Barista oat drink|dairy|l|6 x 1 l carton|{gluten}|1190
DAI-0104|Soya drink, unsweetened|dairy|l|8 x 1 l carton|{soya}|1340
DAI-0105|Double cream 35 %|dairy|l|6 x 1 l carton|{milk}|2280
DAI-0106|Crème fraîche 38 %|dairy|kg|6 x 1 kg tub|{milk}|2640
DAI-0107|Sour cream 10 %|dairy|kg|5 kg bucket|{milk}|1180
DAI-0108|Butter, unsalted|dairy|kg|20 x 250 g block|{milk}|3950
DAI-0109|Butter portions 10 g|dairy|pc|100 x 10 g|{milk}|1450
DAI-0110|Clarified butter|dairy|kg|4 x 2.5 kg tub|{milk}|8600
DAI-0111|Greek yoghurt 10 %|dairy|kg|5 kg bucket|{milk}|1690
DAI-0112|Plain yoghurt 3.8 %|dairy|kg|10 kg bucket|{milk}|1860
DAI-0113|Quark 20 %|dairy|kg|5 kg bucket|{milk}|1390
DAI-0114|Mascarpone|dairy|kg|6 x 500 g tub|{milk}|1980
DAI-0115|Ricotta|dairy|kg|6 x 1.5 kg tub|{milk}|3840
DAI-0116|Mozzarella di bufala 125 g|dairy|pc|24 x 125 g|{milk}|4680
DAI-0117|Mozzarella, grated|dairy|kg|6 x 2 kg bag|{milk}|6240
DAI-0118|Burrata 125 g|dairy|pc|12 x 125 g|{milk}|3290
DAI-0119|Parmigiano Reggiano 24 months|dairy|kg|1 x 4.5 kg quarter wheel|{milk}|7980
DAI-0120|Pecorino Romano|dairy|kg|1 x 3 kg wedge|{milk}|5260
DAI-0121|Gruyère AOP, matured in the cave for fourteen months, cut|dairy|kg|1 x 2.5 kg block|{milk}|5480
DAI-0122|Emmental, sliced|dairy|kg|10 x 1 kg pack|{milk}|9350
DAI-0123|Cheddar, mature|dairy|kg|1 x 5 kg block|{milk}|4690
DAI-0124|Brie de Meaux|dairy|kg|1 x 2.8 kg wheel|{milk}|4150
DAI-0125|Roquefort|dairy|kg|1 x 1.3 kg half|{milk}|2980
DAI-0126|Gorgonzola dolce|dairy|kg|1 x 1.5 kg wedge|{milk}|2140
DAI-0127|Feta PDO|dairy|kg|2 x 4 kg tin|{milk}|7260
DAI-0128|Goat's cheese log|dairy|kg|6 x 1 kg log|{milk}|6940
DAI-0129|Halloumi|dairy|kg|10 x 250 g pack|{milk}|2780
DAI-0130|Cream cheese|dairy|kg|6 x 1.65 kg tub|{milk}|6180
DAI-0131|Raclette, sliced|dairy|kg|8 x 800 g pack|{milk}|8850
DAI-0132|Free-range eggs, size M|dairy|pc|180 pieces|{eggs}|4590
DAI-0133|Pasteurised whole egg|dairy|l|6 x 1 l carton|{eggs}|2890
DAI-0134|Pasteurised egg yolk|dairy|l|6 x 1 l carton|{eggs}|4680
DAI-0135|Pasteurised egg white|dairy|l|6 x 1 l carton|{eggs}|2460
MEA-0101|Beef fillet, 3/4 lb up|meat|kg|2 x 2 kg vacuum pack|{}|15200
MEA-0102|Beef rump|meat|kg|1 x 5 kg vacuum pack|{}|8450
MEA-0103|Beef entrecôte, dry aged|meat|kg|1 x 4 kg vacuum pack|{}|13600
MEA-0104|Beef mince 15 % fat|meat|kg|4 x 2.5 kg pack|{}|8900
MEA-0105|Beef short ribs|meat|kg|1 x 6 kg box|{}|8280
MEA-0106|Beef cheeks|meat|kg|4 x 1 kg vacuum pack|{}|5360
MEA-0107|Veal escalope|meat|kg|20 x 160 g|{}|8640
MEA-0108|Veal bones|meat|kg|10 kg box|{}|2480
MEA-0109|Pork loin, boneless|meat|kg|1 x 5 kg vacuum pack|{}|3960
MEA-0110|Pork belly|meat|kg|1 x 5 kg vacuum pack|{}|3590
MEA-0111|Pork neck|meat|kg|2 x 2.5 kg vacuum pack|{}|3740
MEA-0112|Bacon, smoked, sliced|meat|kg|10 x 500 g pack|{}|4990
MEA-0113|Pancetta, diced|meat|kg|4 x 1 kg pack|{}|5180
MEA-0114|Prosciutto di Parma 18 months|meat|kg|1 x 6.5 kg boneless|{}|13850
MEA-0115|Chorizo, cooking|meat|kg|8 x 500 g ring|{sulphites}|4640
MEA-0116|Nürnberger Rostbratwurst|meat|pc|4 x 50 pieces|{mustard,celery}|5680
MEA-0117|Weißwurst|meat|pc|40 x 80 g|{celery,mustard}|4120
MEA-0118|Salami Milano|meat|kg|2 x 2.5 kg|{milk}|6420
MEA-0119|Lamb rack, French trimmed|meat|kg|6 x 750 g|{}|14200
MEA-0120|Lamb shoulder|meat|kg|2 x 2.2 kg|{}|5860
MEA-0121|Merguez|meat|kg|4 x 1 kg pack|{sulphites}|4480
MEA-0122|Chicken breast, skinless|meat|kg|4 x 2.5 kg vacuum pack|{}|7480
MEA-0123|Chicken thighs, boneless|meat|kg|4 x 2.5 kg vacuum pack|{}|6190
MEA-0124|Whole chicken 1.2 kg, maize-fed|meat|pc|8 pieces|{}|5840
MEA-0125|Chicken wings|meat|kg|10 kg box|{}|3490
MEA-0126|Duck breast, Barbary|meat|kg|10 x 380 g|{}|6880
MEA-0127|Duck legs confit|meat|pc|12 x 220 g|{}|5460
MEA-0128|Turkey breast|meat|kg|2 x 3 kg vacuum pack|{}|5640
MEA-0129|Venison goulash|meat|kg|4 x 1.5 kg|{}|8280
MEA-0130|Beef stock bones, roasted|meat|kg|10 kg box|{}|2890
FIS-0101|Salmon fillet, skin on, pin-boned|fish|kg|4 x 1.4 kg vacuum pack|{fish}|11200
FIS-0102|Smoked salmon, sliced|fish|kg|5 x 1 kg side|{fish}|15400
FIS-0103|Cod loin|fish|kg|5 kg box|{fish}|10950
FIS-0104|Sea bass 400-600 g|fish|kg|5 kg box|{fish}|7480
FIS-0105|Sea bream 400-600 g|fish|kg|5 kg box|{fish}|6980
FIS-0106|Tuna loin, sashimi grade|fish|kg|1 x 3 kg|{fish}|12400
FIS-0107|Rainbow trout, gutted|fish|pc|10 x 300 g|{fish}|4680
FIS-0108|Pike-perch fillet, Zanderfilet|fish|kg|5 kg box|{fish}|9870
FIS-0109|Haddock, undyed, smoked|fish|kg|4 x 1 kg|{fish}|7240
FIS-0110|Mackerel fillets|fish|kg|3 kg box|{fish}|3960
FIS-0111|Anchovies in oil|fish|kg|6 x 720 g tin|{fish}|7150
FIS-0112|Boquerones|fish|kg|4 x 1 kg tray|{fish}|5180
FIS-0113|Tiger prawns 16/20, peeled|fish|kg|10 x 1 kg bag|{crustaceans}|14900
FIS-0114|Langoustines|fish|kg|3 kg box|{crustaceans}|8650
FIS-0115|Lobster, cooked, 450 g|fish|pc|10 pieces|{crustaceans}|16800
FIS-0116|Mussels, rope-grown|fish|kg|5 x 2 kg net|{molluscs}|4260
FIS-0117|Palourde clams|fish|kg|5 kg net|{molluscs}|7480
FIS-0118|Scallops, roe off|fish|kg|4 x 1 kg tub|{molluscs}|13200
FIS-0119|Squid tubes|fish|kg|10 x 1 kg bag|{molluscs}|8460
FIS-0120|Octopus, cooked|fish|kg|6 x 500 g|{molluscs}|7690
FIS-0121|Oysters, Fine de Claire no. 3|fish|pc|48 pieces|{molluscs}|5280
FIS-0122|Caviar substitute, lumpfish|fish|kg|12 x 100 g jar|{fish}|4280
DRY-0101|Plain flour T55|dry goods|kg|25 kg sack|{gluten}|1890
DRY-0102|Tipo 00 flour|dry goods|kg|25 kg sack|{gluten}|2340
DRY-0103|Wholemeal flour|dry goods|kg|16 kg sack|{gluten}|1480
DRY-0104|Rye flour type 997|dry goods|kg|25 kg sack|{gluten}|2060
DRY-0105|Semolina, fine|dry goods|kg|10 x 1 kg bag|{gluten}|1620
DRY-0106|Polenta, instant|dry goods|kg|10 x 1 kg bag|{}|1540
DRY-0107|Cornflour|dry goods|kg|6 x 3 kg box|{}|3180
DRY-0108|Caster sugar|dry goods|kg|15 kg bag|{}|1690
DRY-0109|Demerara sugar|dry goods|kg|10 x 1 kg bag|{}|1980
DRY-0110|Icing sugar|dry goods|kg|12 x 1 kg pack|{}|1860
DRY-0111|Fine sea salt|dry goods|kg|12 x 1 kg pack|{}|1090
DRY-0112|Flaky sea salt|dry goods|kg|6 x 1.5 kg bucket|{}|5890
DRY-0113|Spaghetti no. 5|dry goods|kg|12 x 1 kg pack|{gluten}|2240
DRY-0114|Penne rigate|dry goods|kg|4 x 3 kg bag|{gluten}|2160
DRY-0115|Tagliatelle, egg|dry goods|kg|10 x 1 kg pack|{gluten,eggs}|3690
DRY-0116|Lasagne sheets|dry goods|kg|6 x 2 kg box|{gluten}|3240
DRY-0117|Spätzle, fresh|dry goods|kg|5 x 2 kg bag|{gluten,eggs}|2980
DRY-0118|Gnocchi di patate|dry goods|kg|12 x 500 g pack|{gluten}|1980
DRY-0119|Couscous|dry goods|kg|6 x 2.5 kg bag|{gluten}|2890
DRY-0120|Bulgur, coarse|dry goods|kg|5 kg bag|{gluten}|1290
DRY-0121|Quinoa, tricolour|dry goods|kg|5 kg bag|{}|2680
DRY-0122|Basmati rice|dry goods|kg|20 kg sack|{}|4490
DRY-0123|Carnaroli rice|dry goods|kg|12 x 1 kg pack|{}|4260
DRY-0124|Sushi rice|dry goods|kg|10 kg sack|{}|3180
DRY-0125|Red lentils|dry goods|kg|5 kg bag|{}|1240
DRY-0126|Puy lentils|dry goods|kg|5 kg bag|{}|2190
DRY-0127|Chickpeas, dried|dry goods|kg|5 kg bag|{}|1380
DRY-0128|Cannellini beans, dried|dry goods|kg|5 kg bag|{}|1590
DRY-0129|Rolled oats|dry goods|kg|10 kg bag|{gluten}|1670
DRY-0130|Panko breadcrumbs|dry goods|kg|10 x 1 kg bag|{gluten}|2490
DRY-0131|Almonds, flaked|dry goods|kg|5 kg box|{nuts}|5860
DRY-0132|Hazelnuts, roasted|dry goods|kg|5 kg box|{nuts}|6490
DRY-0133|Walnut halves|dry goods|kg|5 kg box|{nuts}|5340
DRY-0134|Pine kernels|dry goods|kg|4 x 1 kg bag|{nuts}|11800
DRY-0135|Pistachios, shelled|dry goods|kg|4 x 1 kg bag|{nuts}|9980
DRY-0136|Peanuts, unsalted|dry goods|kg|5 kg bag|{peanuts}|2180
DRY-0137|Sesame seeds, white|dry goods|kg|5 kg bag|{sesame}|2460
DRY-0138|Dark couverture 70 %|dry goods|kg|5 x 2.5 kg callets|{soya,milk}|12900
DRY-0139|White couverture|dry goods|kg|5 x 2.5 kg callets|{soya,milk}|13600
DRY-0140|Cocoa powder, alkalised|dry goods|kg|6 x 1 kg bag|{}|7890
DRY-0141|Gelatine leaves|dry goods|kg|10 x 1 kg box|{}|19800
DRY-0142|Dried porcini|dry goods|kg|6 x 250 g bag|{}|6840
DRY-0143|Lupin flour|dry goods|kg|10 x 1 kg bag|{lupin}|3980
PAN-0101|Peeled plum tomatoes|pantry|kg|6 x 2.5 kg tin|{}|2640
PAN-0102|Tomato passata|pantry|kg|12 x 1 kg bottle|{}|2180
PAN-0103|Tomato purée, double|pantry|kg|12 x 800 g tin|{}|2990
PAN-0104|Extra virgin olive oil|pantry|l|4 x 5 l tin|{}|15800
PAN-0105|Rapeseed oil|pantry|l|10 l canister|{}|2890
PAN-0106|Sunflower oil, high oleic|pantry|l|15 l box|{}|4180
PAN-0107|Frying oil, long life|pantry|l|10 l canister|{}|3240
PAN-0108|Sesame oil, toasted|pantry|l|6 x 500 ml bottle|{sesame}|2680
PAN-0109|White wine vinegar|pantry|l|6 x 1 l bottle|{sulphites}|1240
PAN-0110|Aceto balsamico di Modena|pantry|l|2 x 5 l canister|{sulphites}|4860
PAN-0111|Dijon mustard|pantry|kg|4 x 5 kg bucket|{mustard,sulphites}|6480
PAN-0112|Wholegrain mustard|pantry|kg|6 x 1 kg jar|{mustard}|3460
PAN-0113|Mayonnaise|pantry|kg|10 kg bucket|{eggs,mustard}|3290
PAN-0114|Tomato ketchup|pantry|kg|10 kg bucket|{celery}|2790
PAN-0115|Worcestershire sauce|pantry|l|12 x 290 ml bottle|{fish,gluten}|4980
PAN-0116|Soy sauce, naturally brewed|pantry|l|4 x 5 l canister|{soya,gluten}|7680
PAN-0117|Fish sauce|pantry|l|12 x 700 ml bottle|{fish}|3860
PAN-0118|Tahini|pantry|kg|6 x 900 g jar|{sesame}|4290
PAN-0119|Harissa|pantry|kg|12 x 380 g tin|{}|3480
PAN-0120|Capers in brine|pantry|kg|6 x 700 g jar|{}|3980
PAN-0121|Kalamata olives, pitted|pantry|kg|4 x 2 kg bucket|{}|5640
PAN-0122|Sauerkraut|pantry|kg|1 x 10 kg bucket|{}|1890
PAN-0123|Cornichons|pantry|kg|6 x 2.1 kg tin|{mustard,sulphites}|3690
PAN-0124|Sun-dried tomatoes in oil|pantry|kg|4 x 1.6 kg tub|{sulphites}|5480
PAN-0125|Roasted peppers in oil|pantry|kg|6 x 1.9 kg tin|{}|4680
PAN-0126|Coconut milk|pantry|l|24 x 400 ml tin|{}|3180
PAN-0127|Vegetable stock powder|pantry|kg|6 x 1 kg tub|{celery}|5260
PAN-0128|Chicken stock base|pantry|kg|6 x 1 kg tub|{celery}|6840
PAN-0129|Veal jus, concentrated|pantry|kg|4 x 1 kg tub|{celery}|8920
PAN-0130|Demi-glace|pantry|kg|6 x 1.1 kg tub|{celery,gluten}|6450
PAN-0131|Honey, blossom|pantry|kg|1 x 12.5 kg bucket|{}|8460
PAN-0132|Maple syrup, grade A|pantry|l|6 x 1 l bottle|{}|9850
PAN-0133|Apricot jam|pantry|kg|1 x 12.5 kg bucket|{}|4280
PAN-0134|Black peppercorns|pantry|kg|6 x 1 kg bag|{}|9680
PAN-0135|Smoked paprika|pantry|kg|6 x 750 g tin|{}|5840
PAN-0136|Cumin, ground|pantry|kg|6 x 500 g tub|{}|3960
PAN-0137|Cinnamon sticks|pantry|kg|6 x 400 g tub|{}|4480
PAN-0138|Saffron threads|pantry|pc|10 x 1 g jar|{}|5980
PAN-0139|Vanilla pods, Bourbon|pantry|pc|25 pods|{}|4890
PAN-0140|Bay leaves|pantry|kg|6 x 100 g tub|{}|2180
BAK-0101|Sourdough loaf, sliced|bakery|pc|8 x 900 g|{gluten}|2980
BAK-0102|Baguette, part-baked|bakery|pc|50 x 280 g|{gluten}|3460
BAK-0103|Brioche burger buns|bakery|pc|72 x 80 g|{gluten,eggs,milk}|3890
BAK-0104|Brezn, lye pretzels, frozen|bakery|pc|80 x 100 g|{gluten}|4180
BAK-0105|Croissants, all butter, frozen|bakery|pc|60 x 80 g|{gluten,milk,eggs}|3960
BAK-0106|Pains au chocolat, frozen|bakery|pc|60 x 80 g|{gluten,milk,eggs,soya}|4480
BAK-0107|Rye bread, Vollkornbrot|bakery|pc|10 x 500 g|{gluten}|2640
BAK-0108|Ciabatta rolls|bakery|pc|60 x 90 g|{gluten}|2890
BAK-0109|Focaccia, rosemary|bakery|pc|6 x 1 kg tray|{gluten}|3280
BAK-0110|Flour tortillas 30 cm|bakery|pc|96 pieces|{gluten}|2760
BAK-0111|Pitta bread|bakery|pc|80 pieces|{gluten}|2240
BAK-0112|Gluten-free bread rolls|bakery|pc|40 x 60 g|{eggs}|3690
BAK-0113|Puff pastry sheets, all butter|bakery|kg|10 x 1 kg|{gluten,milk}|5480
BAK-0114|Filo pastry|bakery|kg|10 x 500 g pack|{gluten}|2980
BAK-0115|Pizza dough balls 250 g|bakery|pc|60 x 250 g|{gluten}|3480
BAK-0116|Tart shells, sweet, 8 cm|bakery|pc|120 pieces|{gluten,eggs,milk}|4680
FRO-0101|Chips 10 mm, skin on|frozen|kg|4 x 2.5 kg bag|{}|2180
FRO-0102|Sweet potato fries|frozen|kg|4 x 2.5 kg bag|{}|3290
FRO-0103|Petits pois|frozen|kg|4 x 2.5 kg bag|{}|2040
FRO-0104|Leaf spinach|frozen|kg|4 x 2.5 kg bag|{}|1980
FRO-0105|Edamame beans, shelled|frozen|kg|10 x 1 kg bag|{soya}|3460
FRO-0106|Mixed berries|frozen|kg|4 x 2.5 kg bag|{}|4680
FRO-0107|Mango purée|frozen|kg|6 x 1 kg tub|{}|4980
FRO-0108|Vanilla ice cream|frozen|l|2 x 5 l tub|{milk,eggs}|3860
FRO-0109|Lemon sorbet|frozen|l|2 x 5 l tub|{}|3480
FRO-0110|Dark chocolate ice cream|frozen|l|2 x 5 l tub|{milk,eggs,soya}|4160
FRO-0111|Rösti portions|frozen|pc|100 x 60 g|{}|3280
FRO-0112|Kaiserschmarrn, ready to heat|frozen|kg|6 x 1.5 kg bag|{gluten,eggs,milk}|4890
FRO-0113|Vegetable spring rolls|frozen|pc|120 x 50 g|{gluten,soya,sesame}|3790
FRO-0114|Plant-based burger patties|frozen|pc|40 x 113 g|{soya,gluten}|5860
BEV-0101|Still mineral water, glass|beverages|l|12 x 750 ml bottle|{}|990
BEV-0102|Sparkling mineral water, glass|beverages|l|12 x 750 ml bottle|{}|990
BEV-0103|Cola, glass|beverages|l|24 x 330 ml bottle|{}|1980
BEV-0104|Apple juice, cloudy|beverages|l|6 x 1 l bottle|{}|1290
BEV-0105|Orange juice, chilled|beverages|l|8 x 1 l bottle|{}|2680
BEV-0106|Tonic water|beverages|l|24 x 200 ml bottle|{}|2240
BEV-0107|Ginger beer|beverages|l|24 x 200 ml bottle|{}|2380
BEV-0108|Elderflower cordial|beverages|l|6 x 740 ml bottle|{}|3180
BEV-0109|House white, Grüner Veltliner|beverages|l|6 x 1 l bottle|{sulphites}|4260
BEV-0110|House red, Côtes du Rhône|beverages|l|6 x 750 ml bottle|{sulphites}|4680
BEV-0111|Prosecco DOC|beverages|l|6 x 750 ml bottle|{sulphites}|5340
BEV-0112|Cooking brandy|beverages|l|6 x 1 l bottle|{}|8900
BEV-0113|Marsala for cooking|beverages|l|6 x 1 l bottle|{sulphites}|5680
BEV-0114|Alcohol-free wheat beer|beverages|l|20 x 500 ml bottle|{gluten}|2180
BEV-0115|Espresso beans, house blend|beverages|kg|8 x 1 kg bag|{}|12600
BEV-0116|Decaffeinated espresso beans|beverages|kg|6 x 1 kg bag|{}|10900
BEV-0117|English breakfast tea|beverages|pc|6 x 100 bags|{}|2980
BEV-0118|Fresh mint tea, dried leaf|beverages|kg|6 x 250 g bag|{}|3460
BEV-0119|Drinking chocolate|beverages|kg|6 x 1 kg tub|{milk,soya}|4890
BEV-0120|Verjus|beverages|l|6 x 750 ml bottle|{}|4280
NON-0101|Blue centrefeed roll, 2-ply|non-food|pc|6 rolls|{}|1890
NON-0102|Nitrile gloves, black, M|non-food|pc|10 x 100 pieces|{}|5480
NON-0103|Greaseproof paper, 375 x 250 mm|non-food|pc|1 x 1000 sheets|{}|2180
NON-0104|Cling film 45 cm|non-food|pc|3 x 300 m roll|{}|2460
NON-0105|Aluminium foil 45 cm|non-food|pc|3 x 150 m roll|{}|3480
NON-0106|Vacuum bags 200 x 300 mm|non-food|pc|1 x 1000 pieces|{}|5680
NON-0107|Piping bags, disposable, 53 cm|non-food|pc|10 x 100 pieces|{}|4290
NON-0108|Takeaway boxes, bagasse, 1000 ml|non-food|pc|5 x 50 pieces|{}|4680
NON-0109|Dishwasher detergent|non-food|l|2 x 10 l canister|{}|5980
NON-0110|Sanitiser spray, food-safe|non-food|l|6 x 750 ml bottle|{}|2680
NON-0111|Baking parchment, siliconised|non-food|pc|1 x 500 sheets|{}|2890
NON-0112|Dinner napkins, white|non-food|pc|16 x 125 pieces|{}|6240
\.

INSERT INTO platform.kitchens (code, name, city, country, region, currency, time_zone, hold_above_minor, weight)
SELECT code, name, city, country, region, currency, time_zone, hold_above_minor, weight
FROM in_kitchens
ON CONFLICT (code) DO UPDATE SET name = excluded.name, city = excluded.city, country = excluded.country,
  region = excluded.region, currency = excluded.currency, time_zone = excluded.time_zone,
  hold_above_minor = excluded.hold_above_minor, weight = excluded.weight;

INSERT INTO platform.suppliers (code, name, country, currency, lead_time_hours, cut_off, time_zone, minimum_order_minor, email, categories)
SELECT code, name, country, currency, lead_time_hours, cut_off, time_zone, minimum_order_minor, email, categories
FROM in_suppliers
ON CONFLICT (code) DO UPDATE SET name = excluded.name, country = excluded.country,
  currency = excluded.currency, lead_time_hours = excluded.lead_time_hours, cut_off = excluded.cut_off,
  time_zone = excluded.time_zone, minimum_order_minor = excluded.minimum_order_minor,
  email = excluded.email, categories = excluded.categories;

INSERT INTO platform.items SELECT code, name, category, unit, pack_size, allergens FROM in_items
ON CONFLICT (code) DO UPDATE SET name = excluded.name, category = excluded.category,
  unit = excluded.unit, pack_size = excluded.pack_size, allergens = excluded.allergens;

-- A supplier carries most of what belongs to its categories, at its own price: within 12 % of the base,
-- in its own currency, and ending as prices do. hashtext makes it the same on every machine.
INSERT INTO platform.prices (supplier_code, item_code, supplier_sku, currency, price_minor, in_stock)
SELECT s.code, i.code, left(s.code, 3) || lpad((abs(hashtext(s.code || i.code)) % 900000 + 100000)::text, 6, '0'),
       s.currency,
       greatest(95, (i.base_minor * CASE s.currency WHEN 'GBP' THEN 0.88 WHEN 'CHF' THEN 1.45
         WHEN 'USD' THEN 1.15 ELSE 1 END * (0.88 + abs(hashtext(i.code || s.code)) % 25 / 100.0))::bigint / 10 * 10 + 5),
       abs(hashtext(i.code || s.name)) % 50 <> 0
FROM in_suppliers AS s JOIN in_items AS i ON i.category = ANY (s.categories)
WHERE abs(hashtext(i.code || '/' || s.code)) % 10 <> 0
ON CONFLICT (supplier_code, item_code) DO UPDATE
  SET supplier_sku = excluded.supplier_sku, currency = excluded.currency
  WHERE (prices.supplier_sku, prices.currency) IS DISTINCT FROM (excluded.supplier_sku, excluded.currency);

-- Each kitchen's own limit holds everywhere; the others are some kitchens' own rules.
INSERT INTO platform.policies (code, kind, kitchen_code, title, limit_minor, hours, allergens) VALUES
  ('VALUE', 'value', NULL, 'above the kitchen''s limit', NULL, NULL, '{}'),
  ('STR-01-NUTS', 'allergen', 'STR-01', 'a school kitchen: nuts and peanuts are checked', NULL, NULL, '{nuts,peanuts}'),
  ('ZRH-02-LUPIN', 'allergen', 'ZRH-02', 'lupin is declared a day before', NULL, NULL, '{lupin}'),
  ('BOS-01-SHELLFISH', 'allergen', 'BOS-01', 'shellfish is checked', NULL, NULL, '{crustaceans,molluscs}'),
  ('ORK-01-BUDGET', 'budget', 'ORK-01', 'the budget of an hour', 12000000, 1, '{}'),
  ('CLT-01-BUDGET', 'budget', 'CLT-01', 'the budget of an hour', 12000000, 1, '{}'),
  ('BSL-01-BUDGET', 'budget', 'BSL-01', 'the budget of an hour', 18000000, 1, '{}')
ON CONFLICT (code) DO NOTHING;

COMMIT;
ANALYZE platform.kitchens, platform.suppliers, platform.items, platform.prices;

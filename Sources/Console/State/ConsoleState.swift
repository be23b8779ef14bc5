import Operations
import PlatformModel
import TerminalCells

/// What a person chose before the console opened.
public struct ConsoleOptions: Sendable {
    public var glyphs: GlyphSet
    /// What happens beside the screen when a finding becomes critical.
    public var alert: Alert
    /// The names that `:theme` and `:keymap` complete.
    public var themes: [String]
    public var keymaps: [String]

    public init(
        glyphs: GlyphSet = .unicode, alert: Alert = .none, themes: [String] = [], keymaps: [String] = []
    ) {
        self.glyphs = glyphs
        self.alert = alert
        self.themes = themes
        self.keymaps = keymaps
    }
}

/// How somebody who does not look at the screen is told of a new critical finding.
public enum Alert: String, Sendable, Hashable, CaseIterable {
    case none
    /// The terminal's bell.
    case bell
    /// A notification of the desktop, where the terminal passes one on; the bell elsewhere.
    case notification
}

/// The whole console as a value: ``update(_:)`` changes it, ``render(size:)`` draws it. It reads no clock and does
/// nothing to the world; what is to be done there is returned as effects.
public struct ConsoleState: Sendable {
    public let environment: EnvironmentIdentity
    public let user: String
    public let role: Role
    public var isReadOnly: Bool
    public var theme: Theme
    public var keymap: Keymap
    public var options: ConsoleOptions
    public internal(set) var size = Size(columns: 80, rows: 24)

    var now: Moment?
    /// The newest snapshot.
    var newest: Snapshot?
    /// What is drawn: the newest, or the one on which the screen was paused.
    var shown: Snapshot?
    var isPaused = false
    var line = LineEstimate(isSlow: false)

    /// Where one is, innermost last; never empty.
    var places: [Place] = [.overview]
    var placesBefore: [Place] = [.orders]
    var lists: [Place: ListState] = [:]
    /// Where Esc came from, innermost last: what `forward` returns to.
    var placesAhead: [[Place]] = []
    var isZoomed = false
    /// The panel of each place that has the keys, where it is not the main one.
    var focus: [Place: PanelID] = [:]
    var textTops: [PanelKey: Int] = [:]
    /// What is looked for in texts.
    var textSearch = ""

    var findings = Rows<FindingRow>()
    var queues = Rows<Queue>()
    var nodes = Rows<NodeRow>()
    var services = Rows<ServiceRow>()
    var sessions = Rows<SessionRow>()
    var jobs = Rows<Job>()
    var notices = Rows<Notice>()
    var orders = OrdersBook()
    var details: [Int64: Loaded<OrderDetails>] = [:]
    var jobPages: [JobListKey: Loaded<JobPage>] = [:]
    /// The identities of the critical findings that were told already.
    var announced: Set<Finding.ID> = []

    var prompt: Prompt?
    var history: [String] = []
    var help: HelpState?
    var columnsDialog: ColumnsDialog?
    var views: [SavedView] = []
    /// False when the file of the session is a later version's: it must not be lost.
    public internal(set) var keepsSession = true
    /// What was to be told before any time was known.
    var untold: [(severity: Finding.Severity, text: String)] = []
    var flash: Flash?
    var pendingKeys: [Key] = []

    public init(
        environment: EnvironmentIdentity, user: String, role: Role, readOnly: Bool, theme: Theme, keymap: Keymap,
        options: ConsoleOptions = ConsoleOptions()
    ) {
        self.environment = environment
        self.user = user
        self.role = role
        isReadOnly = readOnly
        self.theme = theme
        self.keymap = keymap
        self.options = options
    }

    var place: Place { places.last ?? .overview }

    /// The list that has the keys.
    var list: ListState {
        get { lists[subject] ?? ListState() }
        set { lists[subject] = newValue }
    }
}

/// A value that is asked for one at a time: what came, when, and whether an answer is on its way.
struct Loaded<Value: Sendable>: Sendable {
    var value: Value?
    var failure: ReadFailure?
    var at: Moment?
    var isLoading = false

    mutating func take(_ answer: Answer<Value>, at moment: Moment) {
        isLoading = false
        switch answer {
        case .value(let value):
            self.value = value
            failure = nil
            at = moment
        case .failure(let failure):
            self.failure = failure
        }
    }
}

struct JobListKey: Sendable, Hashable {
    let queue: String
    let state: JobState
}

/// A sentence in the footer that goes away by itself.
struct Flash: Sendable, Hashable {
    var text: String
    var tone: Tone
    /// Nil until the next tick tells the time.
    var since: Moment?
}

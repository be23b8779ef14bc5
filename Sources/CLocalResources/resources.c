#include "CLocalResources.h"

// One block and one row a file; a test compares the rows with the folders. The compiler notes each file
// as a dependency, so an edit of one is compiled in by the next build.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char sql_contract_sql[] = {
#embed "../LocalPlatform/SQL/contract.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_history_sql[] = {
#embed "../LocalPlatform/SQL/history.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_indexes_sql[] = {
#embed "../LocalPlatform/SQL/indexes.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_roles_sql[] = {
#embed "../LocalPlatform/SQL/roles.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_rollup_sql[] = {
#embed "../LocalPlatform/SQL/rollup.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_schema_sql[] = {
#embed "../LocalPlatform/SQL/schema.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_world_sql[] = {
#embed "../LocalPlatform/SQL/world.sql" suffix(, 0) if_empty(0)
};

// Each array ends with a 0 that is not part of the file, so that an empty file is no empty array.
#define ROW(path, bytes) {path, bytes, sizeof bytes - 1}
static const struct galley_resource rows[] = {
    ROW("SQL/contract.sql", sql_contract_sql),
    ROW("SQL/history.sql", sql_history_sql),
    ROW("SQL/indexes.sql", sql_indexes_sql),
    ROW("SQL/roles.sql", sql_roles_sql),
    ROW("SQL/rollup.sql", sql_rollup_sql),
    ROW("SQL/schema.sql", sql_schema_sql),
    ROW("SQL/world.sql", sql_world_sql),
};

int galley_resource_count(void) { return (int)(sizeof rows / sizeof rows[0]); }

struct galley_resource galley_resource(int index) { return rows[index]; }

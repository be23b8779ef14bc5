#include "CLocalResources.h"

// One block and one row a file; a test compares the rows with the folders. The compiler notes each file
// as a dependency, so an edit of one is compiled in by the next build.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char python_foodplatform___init___py[] = {
#embed "../LocalPlatform/Python/foodplatform/__init__.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_access_py[] = {
#embed "../LocalPlatform/Python/foodplatform/access.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_admin_py[] = {
#embed "../LocalPlatform/Python/foodplatform/admin.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_agent_graphs_py[] = {
#embed "../LocalPlatform/Python/foodplatform/agent_graphs.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_agent_models_py[] = {
#embed "../LocalPlatform/Python/foodplatform/agent_models.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_agent_orders_py[] = {
#embed "../LocalPlatform/Python/foodplatform/agent_orders.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_agent_runs_py[] = {
#embed "../LocalPlatform/Python/foodplatform/agent_runs.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_agent_store_py[] = {
#embed "../LocalPlatform/Python/foodplatform/agent_store.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_agent_threads_py[] = {
#embed "../LocalPlatform/Python/foodplatform/agent_threads.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_agent_tools_py[] = {
#embed "../LocalPlatform/Python/foodplatform/agent_tools.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_agents_py[] = {
#embed "../LocalPlatform/Python/foodplatform/agents.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_api_py[] = {
#embed "../LocalPlatform/Python/foodplatform/api.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_catalogue_py[] = {
#embed "../LocalPlatform/Python/foodplatform/catalogue.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_consumers_py[] = {
#embed "../LocalPlatform/Python/foodplatform/consumers.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_cutoff_py[] = {
#embed "../LocalPlatform/Python/foodplatform/cutoff.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_database_py[] = {
#embed "../LocalPlatform/Python/foodplatform/database.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_faults_py[] = {
#embed "../LocalPlatform/Python/foodplatform/faults.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_graph_changes_py[] = {
#embed "../LocalPlatform/Python/foodplatform/graph_changes.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_graph_http_py[] = {
#embed "../LocalPlatform/Python/foodplatform/graph_http.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_graph_limits_py[] = {
#embed "../LocalPlatform/Python/foodplatform/graph_limits.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_graph_queries_py[] = {
#embed "../LocalPlatform/Python/foodplatform/graph_queries.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_graph_roots_py[] = {
#embed "../LocalPlatform/Python/foodplatform/graph_roots.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_graph_rows_py[] = {
#embed "../LocalPlatform/Python/foodplatform/graph_rows.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_graph_schema_py[] = {
#embed "../LocalPlatform/Python/foodplatform/graph_schema.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_graph_session_py[] = {
#embed "../LocalPlatform/Python/foodplatform/graph_session.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_habits_py[] = {
#embed "../LocalPlatform/Python/foodplatform/habits.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_health_py[] = {
#embed "../LocalPlatform/Python/foodplatform/health.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_jobs_py[] = {
#embed "../LocalPlatform/Python/foodplatform/jobs.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_jobs_notifications_py[] = {
#embed "../LocalPlatform/Python/foodplatform/jobs_notifications.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_jobs_orders_py[] = {
#embed "../LocalPlatform/Python/foodplatform/jobs_orders.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_jobs_suppliers_py[] = {
#embed "../LocalPlatform/Python/foodplatform/jobs_suppliers.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_jobs_webhooks_py[] = {
#embed "../LocalPlatform/Python/foodplatform/jobs_webhooks.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_links_py[] = {
#embed "../LocalPlatform/Python/foodplatform/links.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_log_py[] = {
#embed "../LocalPlatform/Python/foodplatform/log.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_moves_py[] = {
#embed "../LocalPlatform/Python/foodplatform/moves.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_pace_py[] = {
#embed "../LocalPlatform/Python/foodplatform/pace.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_placing_py[] = {
#embed "../LocalPlatform/Python/foodplatform/placing.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_policies_py[] = {
#embed "../LocalPlatform/Python/foodplatform/policies.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_preview_py[] = {
#embed "../LocalPlatform/Python/foodplatform/preview.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_pricing_py[] = {
#embed "../LocalPlatform/Python/foodplatform/pricing.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_py_typed[] = {
#embed "../LocalPlatform/Python/foodplatform/py.typed" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_queues_py[] = {
#embed "../LocalPlatform/Python/foodplatform/queues.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_receiving_py[] = {
#embed "../LocalPlatform/Python/foodplatform/receiving.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_refusals_py[] = {
#embed "../LocalPlatform/Python/foodplatform/refusals.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_service_py[] = {
#embed "../LocalPlatform/Python/foodplatform/service.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_settings_py[] = {
#embed "../LocalPlatform/Python/foodplatform/settings.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_signing_py[] = {
#embed "../LocalPlatform/Python/foodplatform/signing.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_sweep_py[] = {
#embed "../LocalPlatform/Python/foodplatform/sweep.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_texts_py[] = {
#embed "../LocalPlatform/Python/foodplatform/texts.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_tokens_py[] = {
#embed "../LocalPlatform/Python/foodplatform/tokens.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_traffic_py[] = {
#embed "../LocalPlatform/Python/foodplatform/traffic.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_webhook_py[] = {
#embed "../LocalPlatform/Python/foodplatform/webhook.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_work_py[] = {
#embed "../LocalPlatform/Python/foodplatform/work.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_foodplatform_worker_py[] = {
#embed "../LocalPlatform/Python/foodplatform/worker.py" suffix(, 0) if_empty(0)
};

static const unsigned char python_requirements_txt[] = {
#embed "../LocalPlatform/Python/requirements.txt" suffix(, 0) if_empty(0)
};

static const unsigned char sql_access_sql[] = {
#embed "../LocalPlatform/SQL/access.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_agents_sql[] = {
#embed "../LocalPlatform/SQL/agents.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_catalogue_sql[] = {
#embed "../LocalPlatform/SQL/catalogue.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_contract_sql[] = {
#embed "../LocalPlatform/SQL/contract.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_history_sql[] = {
#embed "../LocalPlatform/SQL/history.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_indexes_sql[] = {
#embed "../LocalPlatform/SQL/indexes.sql" suffix(, 0) if_empty(0)
};

static const unsigned char sql_policies_sql[] = {
#embed "../LocalPlatform/SQL/policies.sql" suffix(, 0) if_empty(0)
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
    ROW("Python/foodplatform/__init__.py", python_foodplatform___init___py),
    ROW("Python/foodplatform/access.py", python_foodplatform_access_py),
    ROW("Python/foodplatform/admin.py", python_foodplatform_admin_py),
    ROW("Python/foodplatform/agent_graphs.py", python_foodplatform_agent_graphs_py),
    ROW("Python/foodplatform/agent_models.py", python_foodplatform_agent_models_py),
    ROW("Python/foodplatform/agent_orders.py", python_foodplatform_agent_orders_py),
    ROW("Python/foodplatform/agent_runs.py", python_foodplatform_agent_runs_py),
    ROW("Python/foodplatform/agent_store.py", python_foodplatform_agent_store_py),
    ROW("Python/foodplatform/agent_threads.py", python_foodplatform_agent_threads_py),
    ROW("Python/foodplatform/agent_tools.py", python_foodplatform_agent_tools_py),
    ROW("Python/foodplatform/agents.py", python_foodplatform_agents_py),
    ROW("Python/foodplatform/api.py", python_foodplatform_api_py),
    ROW("Python/foodplatform/catalogue.py", python_foodplatform_catalogue_py),
    ROW("Python/foodplatform/consumers.py", python_foodplatform_consumers_py),
    ROW("Python/foodplatform/cutoff.py", python_foodplatform_cutoff_py),
    ROW("Python/foodplatform/database.py", python_foodplatform_database_py),
    ROW("Python/foodplatform/faults.py", python_foodplatform_faults_py),
    ROW("Python/foodplatform/graph_changes.py", python_foodplatform_graph_changes_py),
    ROW("Python/foodplatform/graph_http.py", python_foodplatform_graph_http_py),
    ROW("Python/foodplatform/graph_limits.py", python_foodplatform_graph_limits_py),
    ROW("Python/foodplatform/graph_queries.py", python_foodplatform_graph_queries_py),
    ROW("Python/foodplatform/graph_roots.py", python_foodplatform_graph_roots_py),
    ROW("Python/foodplatform/graph_rows.py", python_foodplatform_graph_rows_py),
    ROW("Python/foodplatform/graph_schema.py", python_foodplatform_graph_schema_py),
    ROW("Python/foodplatform/graph_session.py", python_foodplatform_graph_session_py),
    ROW("Python/foodplatform/habits.py", python_foodplatform_habits_py),
    ROW("Python/foodplatform/health.py", python_foodplatform_health_py),
    ROW("Python/foodplatform/jobs.py", python_foodplatform_jobs_py),
    ROW("Python/foodplatform/jobs_notifications.py", python_foodplatform_jobs_notifications_py),
    ROW("Python/foodplatform/jobs_orders.py", python_foodplatform_jobs_orders_py),
    ROW("Python/foodplatform/jobs_suppliers.py", python_foodplatform_jobs_suppliers_py),
    ROW("Python/foodplatform/jobs_webhooks.py", python_foodplatform_jobs_webhooks_py),
    ROW("Python/foodplatform/links.py", python_foodplatform_links_py),
    ROW("Python/foodplatform/log.py", python_foodplatform_log_py),
    ROW("Python/foodplatform/moves.py", python_foodplatform_moves_py),
    ROW("Python/foodplatform/pace.py", python_foodplatform_pace_py),
    ROW("Python/foodplatform/placing.py", python_foodplatform_placing_py),
    ROW("Python/foodplatform/policies.py", python_foodplatform_policies_py),
    ROW("Python/foodplatform/preview.py", python_foodplatform_preview_py),
    ROW("Python/foodplatform/pricing.py", python_foodplatform_pricing_py),
    ROW("Python/foodplatform/py.typed", python_foodplatform_py_typed),
    ROW("Python/foodplatform/queues.py", python_foodplatform_queues_py),
    ROW("Python/foodplatform/receiving.py", python_foodplatform_receiving_py),
    ROW("Python/foodplatform/refusals.py", python_foodplatform_refusals_py),
    ROW("Python/foodplatform/service.py", python_foodplatform_service_py),
    ROW("Python/foodplatform/settings.py", python_foodplatform_settings_py),
    ROW("Python/foodplatform/signing.py", python_foodplatform_signing_py),
    ROW("Python/foodplatform/sweep.py", python_foodplatform_sweep_py),
    ROW("Python/foodplatform/texts.py", python_foodplatform_texts_py),
    ROW("Python/foodplatform/tokens.py", python_foodplatform_tokens_py),
    ROW("Python/foodplatform/traffic.py", python_foodplatform_traffic_py),
    ROW("Python/foodplatform/webhook.py", python_foodplatform_webhook_py),
    ROW("Python/foodplatform/work.py", python_foodplatform_work_py),
    ROW("Python/foodplatform/worker.py", python_foodplatform_worker_py),
    ROW("Python/requirements.txt", python_requirements_txt),
    ROW("SQL/access.sql", sql_access_sql),
    ROW("SQL/agents.sql", sql_agents_sql),
    ROW("SQL/catalogue.sql", sql_catalogue_sql),
    ROW("SQL/contract.sql", sql_contract_sql),
    ROW("SQL/history.sql", sql_history_sql),
    ROW("SQL/indexes.sql", sql_indexes_sql),
    ROW("SQL/policies.sql", sql_policies_sql),
    ROW("SQL/roles.sql", sql_roles_sql),
    ROW("SQL/rollup.sql", sql_rollup_sql),
    ROW("SQL/schema.sql", sql_schema_sql),
    ROW("SQL/world.sql", sql_world_sql),
};

int galley_resource_count(void) { return (int)(sizeof rows / sizeof rows[0]); }

struct galley_resource galley_resource(int index) { return rows[index]; }

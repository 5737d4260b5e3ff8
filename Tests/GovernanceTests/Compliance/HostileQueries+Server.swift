// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

// Attempts that go round the views: at the server, its catalog and its functions.
extension HostileQueries {
  mutating func catalog() -> Attempt {
    Attempt(
      sql: one([
        "select * from pg_stats", "select * from pg_statistic", "select * from pg_stats_ext",
        "select * from pg_statistic_ext_data", "select * from pg_stat_activity",
        "select query, application_name, client_addr from pg_stat_activity",
        "select * from pg_authid",
        "select * from pg_shadow", "select * from pg_user_mapping", "select * from pg_largeobject",
        "select * from pg_largeobject_metadata", "select * from pg_prepared_statements",
        "select * from pg_locks", "select * from pg_stat_user_tables", "select * from pg_settings",
        "select * from pg_file_settings", "select * from pg_hba_file_rules",
        "select * from pg_db_role_setting",
        "select * from pg_policies", "select * from pg_sequences",
        "select * from pg_replication_slots",
        "select * from information_schema.columns",
        "select * from information_schema.column_privileges",
        "select * from information_schema.views", "select * from pg_trigger",
        "select * from pg_proc",
        "select * from pg_constraint", "select * from pg_description", "select * from pg_seclabels",
        "select * from pg_attrdef", "select * from pg_roles", "select * from pg_class",
        "select pg_get_expr(adbin, adrelid) from pg_attrdef", "select * from pg_stat_statements",
        "select * from pg_partition_tree('compliance.events')", "select * from pg_stat_all_indexes",
        "select attname, attmissingval from pg_attribute where attmissingval is not null",
        "select pg_read_file('postgresql.conf')", "select pg_ls_dir('.')",
        "select * from pg_ls_logdir()",
        "select pg_current_logfile()", "select lo_import('/etc/passwd')", "select pg_logdir_ls()",
        "select * from pg_cursors", "select * from pg_stat_progress_analyze",
        "select pg_export_snapshot()",
        "select * from pg_get_backend_memory_contexts()",
        "select pg_stat_get_backend_activity(generate_series(1, 20))",
      ]), isIndependent: false)
  }

  mutating func function() -> Attempt {
    let call = one(functions)
    return Attempt(
      sql: one([
        "select \(call)", "select * from \(call)", "select hansard.analyst_tenant()",
        "select hansard.tenant()", "select * from hansard.find_api_key('\(stranger)')",
        "select nextval('hansard.notices_notice_id_seq')",
        "select last_value from hansard.notices_notice_id_seq",
        "select * from hansard_migrations.applied",
      ]), isIndependent: true)
  }

  mutating func block() -> Attempt {
    let (view, column) = view()
    let (table, other) = tableAndColumn()
    let target = one([
      "select v::text from \(view) as v", "select \(column)::text from \(view)",
      "select \(other)::text from \(table)",
    ])
    return Attempt(
      sql: """
        do $do$
        declare
          found text;
        begin
          perform set_config('hansard.tenant_id', '\(stranger)', false);
          for found in execute $q$\(target) order by 1$q$ loop
            raise notice 'found %', found;
          end loop;
        exception when others then
          raise notice '% %', sqlstate, sqlerrm;
        end
        $do$
        """, isIndependent: true)
  }

  mutating func session() -> Attempt {
    Attempt(
      sql: one([
        "listen hansard_notices", "notify hansard_notices, 'x'",
        "select pg_notification_queue_usage()",
        "select pg_try_advisory_lock(1), pg_advisory_unlock(1)", "create extension dblink",
        "create extension file_fdw", "create extension pageinspect", "load 'auto_explain'",
        "create schema mine", "create table public.mine ()", "create database mine",
        "create role mine superuser",
        "alter system set log_statement = 'all'", "copy (select 1) to program 'cat'",
        "copy (select 1) to '/tmp/x'",
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()",
        "select pg_cancel_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()",
        "select lo_unlink(lo_create(0))", "create server s foreign data wrapper postgres_fdw",
        "security label on schema compliance is 'x'",
        "import foreign schema hansard from server s into public",
        "create event trigger e on ddl_command_end execute function f()",
        "create publication p for all tables",
        "select pg_create_logical_replication_slot('s', 'test_decoding')", "checkpoint",
        "discard all",
      ]), isIndependent: false)
  }
}

extension SeededGenerator {
  /// 0 to `limit` - 1.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
}

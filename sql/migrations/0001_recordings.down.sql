-- migrate: destructive
-- Takes everything with it; the roles stay, since other databases of the cluster may use them.

drop schema hansard cascade;
revoke all on hansard_migrations.applied from hansard_migrator, hansard_service;
revoke all on schema hansard_migrations from hansard_migrator, hansard_service;

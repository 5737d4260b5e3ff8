-- migrate: destructive
-- The older schema keeps the present period only, and no reason for a review but three.

set local role hansard_owner;

update hansard.reviews
set source = 'flag'
where source = 'sample';

alter table hansard.reviews
  drop constraint reviews_source_known,
  add constraint reviews_source_known check (source in ('flag', 'error', 'failure'));

revoke update (retention_days) on hansard.tenants from hansard_service;
drop table hansard.tenant_policies;

reset role;

-- migrate: destructive
-- The older schema has no place for reviews. Flags stay.

set local role hansard_owner;

drop table hansard.review_entries;
drop table hansard.reviews;

reset role;

-- The review queue: what waits for a reviewer, who has taken it, and what was decided.

set local role hansard_owner;

-- One item per recording: where it stands. What happened to it is in review_entries.
create table hansard.reviews (
  tenant_id uuid not null,
  review_id uuid not null,
  recording_id uuid not null,
  source text not null,
  state text not null default 'open',
  opened_at timestamptz not null default now(),
  due_at timestamptz not null,
  claimed_by text,
  claimed_until timestamptz,
  review_status text,
  decided_by text,
  decided_at timestamptz,
  decided_event_count bigint,
  decided_root bytea,
  decided_recording_at timestamptz,
  constraint reviews_pkey primary key (tenant_id, review_id),
  constraint reviews_recording_id_key unique (tenant_id, recording_id),
  constraint reviews_recording_fkey
    foreign key (tenant_id, recording_id)
    references hansard.canvas_recordings (tenant_id, recording_id),
  constraint reviews_source_known check (source in ('flag', 'error', 'failure')),
  constraint reviews_state_known check (state in ('open', 'claimed', 'decided')),
  constraint reviews_claim_complete check (
    (state = 'claimed') = (claimed_by is not null)
    and (state = 'claimed') = (claimed_until is not null)),
  constraint reviews_decision_complete check (
    (state = 'decided') = (review_status is not null)
    and (state = 'decided') = (decided_by is not null)
    and (state = 'decided') = (decided_at is not null)
    and (state = 'decided') = (decided_event_count is not null)
    and (state = 'decided') = (decided_root is not null)
    and (state = 'decided') = (decided_recording_at is not null)),
  constraint reviews_status_known check (
    review_status in ('approved', 'rejected', 'needs_changes')),
  constraint reviews_root_length check (length(decided_root) = 32)
);
comment on column hansard.reviews.source is 'Why it was opened first.';
comment on column hansard.reviews.claimed_until is
  'The end of the lease: from then on anybody may claim it again.';
comment on column hansard.reviews.decided_root is
  'Merkle root (RFC 6962) over the leaf hashes of the events that were decided on.';
comment on column hansard.reviews.decided_recording_at is
  'The recording''s updated_at that was decided on: the decision is stale when it has changed.';
-- Serves: the queue in the order in which it is due.
create index reviews_due on hansard.reviews (tenant_id, due_at, review_id) where state <> 'decided';
-- Serves: what was decided, the latest first.
create index reviews_decided on hansard.reviews (tenant_id, decided_at, review_id)
  where state = 'decided';

create table hansard.review_entries (
  tenant_id uuid not null,
  entry_id uuid not null,
  review_id uuid not null,
  kind text not null,
  actor text not null,
  occurred_at timestamptz not null default clock_timestamp(),
  note text,
  review_status text,
  overall_rating integer,
  performance_rating integer,
  safety_rating integer,
  feedback text,
  identified_issues text[] not null default '{}',
  positive_patterns text[] not null default '{}',
  lessons_learned text,
  governance_notes text,
  event_count bigint,
  merkle_root bytea,
  constraint review_entries_pkey primary key (tenant_id, entry_id),
  constraint review_entries_review_fkey
    foreign key (tenant_id, review_id) references hansard.reviews (tenant_id, review_id),
  constraint review_entries_kind_known check (
    kind in ('opened', 'claimed', 'released', 'commented', 'decided', 'reopened')),
  constraint review_entries_decision_complete check (
    (kind = 'decided') = (review_status is not null)
    and (kind = 'decided') = (event_count is not null)
    and (kind = 'decided') = (merkle_root is not null)),
  constraint review_entries_status_known check (
    review_status in ('approved', 'rejected', 'needs_changes')),
  constraint review_entries_ratings_range check (
    overall_rating between 1 and 5 and performance_rating between 1 and 5
    and safety_rating between 1 and 5),
  constraint review_entries_texts_length check (
    octet_length(note) <= 32000 and octet_length(feedback) <= 64000
    and octet_length(lessons_learned) <= 64000 and octet_length(governance_notes) <= 64000)
);
comment on table hansard.review_entries is
  'Everything that happened to a review, in order; nothing in it is ever changed.';
-- Serves: the history of a review.
create index review_entries_history
  on hansard.review_entries (tenant_id, review_id, occurred_at, entry_id);

create trigger review_entries_append_only before update or delete on hansard.review_entries
  for each row execute function hansard.refuse_change();
create trigger review_entries_no_truncate before truncate on hansard.review_entries
  for each statement execute function hansard.refuse_change();

-- What is flagged already waits for review since then. The owner sees all tenants' rows while row level
-- security is not forced; nobody else gets in between, since the change of that locks the table.
alter table hansard.canvas_recordings no force row level security;
with flagged as (
  insert into hansard.reviews (tenant_id, review_id, recording_id, source, opened_at, due_at)
  select
    r.tenant_id, gen_random_uuid(), r.recording_id, 'flag', r.flagged_at,
    r.flagged_at + interval '3 days'
  from hansard.canvas_recordings as r
  where r.flagged_for_review
  returning tenant_id, review_id, recording_id
)
insert into hansard.review_entries (
  tenant_id, entry_id, review_id, kind, actor, occurred_at, note)
select f.tenant_id, gen_random_uuid(), f.review_id, 'opened', r.flagged_by, r.flagged_at, 'flag'
from flagged as f
join hansard.canvas_recordings as r
  on r.tenant_id = f.tenant_id
  and r.recording_id = f.recording_id;
alter table hansard.canvas_recordings force row level security;

alter table hansard.reviews enable row level security;
alter table hansard.reviews force row level security;
create policy reviews_isolation on hansard.reviews
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());
alter table hansard.review_entries enable row level security;
alter table hansard.review_entries force row level security;
create policy review_entries_isolation on hansard.review_entries
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

grant select, insert on hansard.reviews, hansard.review_entries to hansard_service;
grant update (
  state, due_at, claimed_by, claimed_until, review_status, decided_by, decided_at,
  decided_event_count, decided_root, decided_recording_at)
  on hansard.reviews to hansard_service;

reset role;

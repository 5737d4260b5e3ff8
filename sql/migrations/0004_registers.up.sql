-- Registers over HTTP: a key that is rotated ends after a while.

set local role hansard_owner;

grant update (expires_at) on hansard.api_keys to hansard_service;

reset role;

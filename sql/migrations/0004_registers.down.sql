set local role hansard_owner;

revoke update (expires_at) on hansard.api_keys from hansard_service;

reset role;

-- When a user was last connected, to within some minutes; null: never.
alter table users add column seen_at bigint;

-- How many rooms somebody looks after, and whether there are rooms to be swept away, without reading them all.
create index conversations_owner on conversations (owner_id) where state = 'open';
create index conversations_deleted on conversations (id) where state = 'deleted';

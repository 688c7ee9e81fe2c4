-- People in the order of their names: a page of a large room's members, or of everybody, begins where the last one ended
-- instead of sorting them all.
create index users_names on users (first_name, last_name, id);

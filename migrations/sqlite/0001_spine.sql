-- The installation, its users and sessions, conversations, members and messages.
-- Times are milliseconds since 1970 UTC. What the numbers rev, seq and user_rev mean: docs/protocol.md.

create table installation (
    one integer primary key check (one = 1),
    epoch integer not null,
    created_at integer not null
) strict;

create table users (
    id integer primary key autoincrement,
    username text not null,
    username_key text not null,
    first_name text not null,
    last_name text not null,
    email text not null,
    email_key text not null,
    password_hash text not null,
    role text not null check (role in ('owner', 'member')),
    state text not null check (state in ('active', 'disabled')),
    user_rev integer not null,
    created_at integer not null
) strict;
create unique index users_username_key on users (username_key);
create unique index users_email_key on users (email_key);

-- id is the SHA-256 of the cookie's token: a stolen copy of this table opens no session. data: JSON, as the session
-- layer writes it.
create table sessions (
    id blob primary key,
    user_id integer references users (id) on delete cascade,
    data text not null,
    created_at integer not null,
    used_at integer not null,
    expires_at integer not null
) strict;
create index sessions_user on sessions (user_id);
create index sessions_expires on sessions (expires_at);

-- rev: the head of the conversation's clock; row_rev: when this row itself last changed.
create table conversations (
    id integer primary key autoincrement,
    kind text not null check (kind in ('public', 'private', 'direct')),
    name text not null,
    name_key text not null,
    topic text not null,
    rev integer not null,
    row_rev integer not null,
    head_seq integer not null,
    member_count integer not null,
    created_at integer not null
) strict;
create unique index conversations_public_name on conversations (name_key) where kind = 'public';

create table members (
    conversation_id integer not null references conversations (id),
    user_id integer not null references users (id),
    state text not null check (state in ('joined', 'left')),
    rev integer not null,
    joined_at integer not null,
    primary key (conversation_id, user_id)
) strict, without rowid;
create index members_rev on members (conversation_id, rev);
create index members_user on members (user_id);

-- id is the sender's own identifier, hash that of the conversation and the body as first posted.
create table messages (
    row_id integer primary key autoincrement,
    conversation_id integer not null references conversations (id),
    seq integer not null,
    rev integer not null,
    author_id integer not null references users (id),
    id blob not null,
    hash blob not null,
    body text not null,
    at integer not null
) strict;
create unique index messages_seq on messages (conversation_id, seq);
create index messages_rev on messages (conversation_id, rev);
create unique index messages_id on messages (author_id, id);

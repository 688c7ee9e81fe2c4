-- The whole schema. Times are milliseconds since 1970 UTC. What rev, seq and user_rev mean: docs/protocol.md.
--
-- Keys (username_key, email_key, name_key) are computed by the program (model/key.rs): what must be unique regardless of
-- case and of look-alike characters is unique by its key. A search_key holds names without case and diacritics, each after
-- a line feed (model/fold.rs).

-- One row. epoch: the lifetime of this database; a copy that was restored gets another.
create table installation (
    one integer primary key check (one = 1),
    epoch integer not null,
    created_at integer not null
) strict;

-- Links with which somebody can register, limited by time and count.
-- token: not hashed, unlike a session's, because the link is shown again. All that it opens is the form to register; it
-- expires, and it can be revoked. uses: accounts made with it.
create table invitations (
    id integer primary key autoincrement,
    token text not null,
    created_by integer not null references users (id),
    created_at integer not null,
    expires_at integer not null,
    uses_max integer not null check (uses_max > 0),
    uses integer not null default 0 check (uses between 0 and uses_max),
    revoked_at integer
) strict;
create unique index invitations_token on invitations (token);
create index invitations_created_by on invitations (created_by, id);

-- role 'owner': the owner of the installation. may_invite: what the owner has set; the owner may in any case.
-- invitation_id: the invitation that the account was made with. seen_at: when the user was last connected, to within some
-- minutes; null: never.
create table users (
    id integer primary key autoincrement,
    username text not null,
    username_key text not null,
    first_name text not null,
    last_name text not null,
    search_key text not null,
    email text not null,
    email_key text not null,
    password_hash text not null,
    role text not null check (role in ('owner', 'member')),
    state text not null check (state in ('active', 'disabled')),
    may_invite integer not null default 0 check (may_invite in (0, 1)),
    invitation_id integer references invitations (id),
    user_rev integer not null,
    seen_at integer,
    created_at integer not null
) strict;
create unique index users_username_key on users (username_key);
create unique index users_email_key on users (email_key);
-- A page of a large room's members, or of everybody, starts where the last one ended instead of sorting them all.
create index users_names on users (first_name, last_name, id);
create index users_invitation on users (invitation_id, id) where invitation_id is not null;

-- id: the SHA-256 of the cookie's token, so that a stolen copy of this table opens no session. data: JSON of the session
-- layer.
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

-- name_key: the key of a room's name, or the two users' ids of a direct conversation. owner_id: a room's owner; null for
-- General, direct conversations, and a room where only disabled accounts stayed. rev: the number of the last change of
-- anything in the conversation; row_rev: of the last change of this row. head_seq: the newest message's seq.
-- message_count: how many messages people have written; notices have a seq but are not counted. at: when the newest
-- message or notice was posted, or the conversation made.
create table conversations (
    id integer primary key autoincrement,
    kind text not null check (kind in ('general', 'public', 'private', 'direct')),
    state text not null default 'open' check (state in ('open', 'deleted')),
    name text not null,
    name_key text not null,
    topic text not null,
    search_key text not null,
    owner_id integer references users (id),
    rev integer not null,
    row_rev integer not null,
    head_seq integer not null,
    message_count integer not null default 0,
    member_count integer not null,
    created_at integer not null,
    at integer not null,
    check (kind <> 'general' or (state = 'open' and owner_id is null))
) strict;
-- There is one General.
create unique index conversations_general on conversations (kind) where kind = 'general';
-- Names of public rooms are unique, and no other room has General's.
create unique index conversations_public_name on conversations (name_key)
    where kind in ('general', 'public') and state = 'open';
create unique index conversations_direct on conversations (name_key) where kind = 'direct';
-- How many rooms somebody owns, and whether there are deleted rooms to sweep, without reading them all.
create index conversations_owner on conversations (owner_id) where state = 'open';
create index conversations_deleted on conversations (id) where state = 'deleted';

-- A row stays when its user leaves. own_count: how many messages the user has written in the conversation.
-- read_seq: the read position; read_others_message_count: how many messages others had written up to there. Unread are
-- (the conversation's message_count - own_count) - read_others_message_count.
create table members (
    conversation_id integer not null references conversations (id),
    user_id integer not null references users (id),
    state text not null check (state in ('joined', 'left')),
    rev integer not null,
    joined_at integer not null,
    own_count integer not null default 0,
    read_seq integer not null default 0,
    read_others_message_count integer not null default 0,
    primary key (conversation_id, user_id)
) strict, without rowid;
create index members_rev on members (conversation_id, rev);
create index members_user on members (user_id);
-- The longest-standing member becomes the owner when the owner leaves.
create index members_joined on members (conversation_id, joined_at, user_id) where state = 'joined';

-- id: made by the sender, so that a message sent again is recognised; hash: of the conversation and the body as first
-- posted. notice: what happened, as JSON, where nobody wrote a body. message_count, own_count: how many messages people,
-- and the author, had written in the conversation up to and including this one.
create table messages (
    row_id integer primary key autoincrement,
    conversation_id integer not null references conversations (id),
    seq integer not null,
    rev integer not null,
    author_id integer not null references users (id),
    id blob not null,
    hash blob not null,
    body text not null,
    notice text,
    message_count integer not null default 0,
    own_count integer not null default 0,
    at integer not null
) strict;
create unique index messages_seq on messages (conversation_id, seq);
create index messages_rev on messages (conversation_id, rev);
create unique index messages_id on messages (author_id, id);
create index messages_author on messages (conversation_id, author_id, seq);

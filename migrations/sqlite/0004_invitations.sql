-- Invitations: links that let somebody register, limited by time and count.
--
-- token stands here as it is, unlike a session's: its link is shown again, to be copied once more. All that it opens is
-- the form that makes an account; it expires, and it can be revoked. uses counts the accounts that came by it.

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

-- may_invite: the owner lets them; the owner may in any case. invitation_id: by which invitation they came.
alter table users add column may_invite integer not null default 0 check (may_invite in (0, 1));
alter table users add column invitation_id integer references invitations (id);
create index users_invitation on users (invitation_id, id) where invitation_id is not null;

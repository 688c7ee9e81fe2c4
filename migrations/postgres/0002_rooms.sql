-- Kinds of conversations, what counts as unread, and lines that tell of what happened in a room.
--
-- texts: how many messages people have written so far: in a conversation, up to and with a message, by a member (own).
-- A member's unread ones are (conversation's texts - own texts) - read_others_count, where read_others_count is how many the others
-- had written up to the read position.

alter table conversations add column owner_id bigint references users (id);
alter table conversations add column state text not null default 'open' check (state in ('open', 'deleted'));
alter table conversations add column texts bigint not null default 0;
-- When the newest message came, or the conversation was made.
alter table conversations add column at bigint not null default 0;

alter table members add column texts bigint not null default 0;
alter table members add column read_seq bigint not null default 0;
alter table members add column read_others_count bigint not null default 0;

-- notice: what happened, as JSON, where nobody wrote it; own: the author's texts up to and with this message.
alter table messages add column notice text;
alter table messages add column texts bigint not null default 0;
alter table messages add column own bigint not null default 0;

-- Until here every message was written by somebody, and nothing was unread.
update messages set texts = seq;
update messages set own = counted.own
from (
    select row_id, row_number() over (partition by conversation_id, author_id order by seq) as own from messages
) as counted
where counted.row_id = messages.row_id;
update conversations set
    texts = head_seq,
    at = coalesce(
        (select m.at from messages m where m.conversation_id = conversations.id and m.seq = conversations.head_seq),
        created_at
    );
update members set
    texts = (
        select count(*) from messages m
        where m.conversation_id = members.conversation_id and m.author_id = members.user_id
    ),
    read_seq = (select c.head_seq from conversations c where c.id = members.conversation_id);
update members set read_others_count = read_seq - texts;

drop index conversations_public_name;
create unique index conversations_public_name on conversations (name_key) where kind = 'public' and state = 'open';
-- The two users' ids are a direct conversation's key: one a pair.
create unique index conversations_direct on conversations (name_key) where kind = 'direct';
create index messages_author on messages (conversation_id, author_id, seq);
-- The longest member takes over from a creator who leaves.
create index members_joined on members (conversation_id, joined_at, user_id) where state = 'joined';

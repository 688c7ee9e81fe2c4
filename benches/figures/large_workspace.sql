-- A workspace of 5,003 users: all but those who registered are in the room "Large room", and Ana is in 500 conversations besides General, half of them
-- direct. The rows are what the program itself would have written; only the way there is shorter. Both databases understand
-- it; what they write differently stands in braces and is filled in by large_workspace.mjs.

insert into users (username, username_key, first_name, last_name, email, email_key, password_hash, role, state, user_rev, created_at, search_key)
with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000)
select 'member' || i, 'member' || i, 'First' || (i % 97), 'Last' || (i % 89), 'member' || i || '@harbour.example',
    'member' || i || '@harbour.example', 'x', 'member', 'active', 1, {now},
    {newline} || 'member' || i || {newline} || 'first' || (i % 97) || ' last' || (i % 89) || {newline} || 'last' || (i % 89) from n;

create temporary table added_users as
select id, row_number() over (order by id) as place from users where username like 'member%';

-- Everyone is in General.
insert into members (conversation_id, user_id, state, rev, joined_at)
select c.id, added_users.id, 'joined', c.rev + added_users.place, {now} from added_users, conversations c
where c.kind = 'general';
update conversations set rev = rev + 5000, row_rev = rev + 5000, member_count = member_count + 5000
where kind = 'general';

-- The room "Large room": made by the first of them, joined by all others one by one.
insert into conversations (kind, name, name_key, topic, owner_id, rev, row_rev, head_seq, member_count, created_at, at, search_key)
select 'public', 'Large room', 'large room', 'Five thousand people', id, 5000, 5000, 5000, 5000, {now}, {now},
    {newline} || 'large room' || {newline} || 'five thousand people' from added_users where place = 1;
insert into members (conversation_id, user_id, state, rev, joined_at, read_seq)
select c.id, added_users.id, 'joined', added_users.place, {now}, added_users.place from added_users, conversations c where c.name = 'Large room';
insert into messages (conversation_id, seq, rev, author_id, id, hash, body, at, notice)
select c.id, added_users.place, added_users.place, added_users.id, {identifier}, {no_hash}, '', {now},
    case added_users.place when 1 then '{"type":"created"}' else '{"type":"joined"}' end
from added_users, conversations c where c.name = 'Large room';

-- Ana's 250 rooms, each made by somebody who has written four messages since she came.
insert into conversations (kind, name, name_key, topic, owner_id, rev, row_rev, head_seq, message_count, member_count, created_at, at, search_key)
select 'public', 'Room ' || place, 'room ' || place, '', id, 6, 2, 6, 4, 2, {now}, {now}, {newline} || 'room ' || place || {newline} from added_users where place <= 250;
insert into members (conversation_id, user_id, state, rev, joined_at, own_count, read_seq)
select id, owner_id, 'joined', 1, {now}, 4, 1 from conversations where name like 'Room %';
insert into members (conversation_id, user_id, state, rev, joined_at, read_seq)
select c.id, ana.id, 'joined', 2, {now}, 2 from conversations c, users ana where c.name like 'Room %' and ana.username = 'ana';
insert into messages (conversation_id, seq, rev, author_id, id, hash, body, at, notice)
select id, 1, 1, owner_id, {identifier}, {no_hash}, '', {now}, '{"type":"created"}' from conversations where name like 'Room %';
insert into messages (conversation_id, seq, rev, author_id, id, hash, body, at, notice)
select c.id, 2, 2, ana.id, {identifier}, {no_hash}, '', {now}, '{"type":"joined"}'
from conversations c, users ana where c.name like 'Room %' and ana.username = 'ana';
insert into messages (conversation_id, seq, rev, author_id, id, hash, body, at, message_count, own_count)
select c.id, 2 + n.column1, 2 + n.column1, c.owner_id, {identifier}, {no_hash}, 'Message ' || n.column1, {now}, n.column1, n.column1
from conversations c, (values (1), (2), (3), (4)) as n where c.name like 'Room %';

-- Her 250 direct conversations: the other one has written four messages, none of them read.
insert into conversations (kind, name, name_key, topic, rev, row_rev, head_seq, message_count, member_count, created_at, at, search_key)
select 'direct', '', ana.id || ':' || added_users.id, '', 5, 1, 4, 4, 2, {now}, {now}, {newline} || {newline}
from added_users, users ana where added_users.place > 250 and added_users.place <= 500 and ana.username = 'ana';
insert into members (conversation_id, user_id, state, rev, joined_at)
select c.id, ana.id, 'joined', 1, {now} from conversations c, users ana where c.kind = 'direct' and ana.username = 'ana';
insert into members (conversation_id, user_id, state, rev, joined_at, own_count)
select c.id, added_users.id, 'joined', 1, {now}, 4 from conversations c, added_users, users ana
where c.kind = 'direct' and ana.username = 'ana' and c.name_key = ana.id || ':' || added_users.id;
insert into messages (conversation_id, seq, rev, author_id, id, hash, body, at, message_count, own_count)
select m.conversation_id, n.column1, 1 + n.column1, m.user_id, {identifier}, {no_hash}, 'Message ' || n.column1, {now}, n.column1, n.column1
from members m, conversations c, added_users, (values (1), (2), (3), (4)) as n
where c.id = m.conversation_id and c.kind = 'direct' and added_users.id = m.user_id;

update users set user_rev = 1 + (
    select count(*) from members m join conversations c on c.id = m.conversation_id
    where m.user_id = users.id and c.kind <> 'general'
);
drop table added_users;

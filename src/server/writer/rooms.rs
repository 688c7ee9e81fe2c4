//! Writing rooms and direct conversations: who is in them, what they are called, and up to where they are read.

use super::batch::{Batch, Change, Outcome};
use super::command::{NewRoom, Reply, RoomCommand};
use crate::model::conversation::CONVERSATIONS_MAX;
use crate::model::room::{OWNED_ROOMS_MAX, RoomText};
use crate::model::{
    Content, ConversationId, ConversationKind, Error, Field, Message, MessageId, Notice, ReadPosition, Rev, Rows, Seq,
    UserId,
};
use crate::server::access::{self, Standing};
use crate::server::store::conversations::{self, Head, NewConversation, NewKind};
use crate::server::store::messages::{self, NewMessage, StoredMessage};
use crate::server::store::users::{self, UserState};
use crate::server::store::{StoreError, members};
use std::sync::Arc;

/// What is refused is an answer; what fails, fails the batch.
type Written = Result<Result<Outcome, Error>, StoreError>;

/// The refusal of a public room's name.
pub(super) fn name_taken() -> Error {
    Error::field(Field::Name, "There is a public room of this name already, or of one that looks like it.")
}

/// Whether a user may look after one more room.
async fn may_own_one_more(batch: &mut Batch, user: UserId) -> Result<Result<(), Error>, StoreError> {
    let many = conversations::owned_rooms(&mut batch.conn(), user).await?;
    let refusal = || Error::refused(format!("One person looks after up to {OWNED_ROOMS_MAX} rooms."));
    Ok(if many < OWNED_ROOMS_MAX { Ok(()) } else { Err(refusal()) })
}

/// Whether a user may be in one more conversation.
async fn may_be_in_one_more(batch: &mut Batch, user: UserId) -> Result<Result<(), Error>, StoreError> {
    let many = members::conversations_of(&mut batch.conn(), user).await?;
    let refusal = || Error::refused(format!("One person is in up to {CONVERSATIONS_MAX} conversations."));
    Ok(if many < CONVERSATIONS_MAX { Ok(()) } else { Err(refusal()) })
}

/// Makes a room with its owner in it.
pub(super) async fn create(batch: &mut Batch, room: &NewRoom) -> Result<Outcome, StoreError> {
    for allowed in [may_own_one_more(batch, room.owner).await?, may_be_in_one_more(batch, room.owner).await?] {
        if let Err(error) = allowed {
            return Ok(Outcome::refused(error));
        }
    }
    if !room.private && conversations::public_named(&mut batch.conn(), &room.name_key).await?.is_some() {
        return Ok(Outcome::refused(name_taken()));
    }
    let new = NewConversation {
        kind: if room.private { NewKind::Private } else { NewKind::Public },
        name: &room.text.name,
        name_key: &room.name_key,
        topic: &room.text.topic,
        owner: Some(room.owner),
    };
    let now = batch.now;
    let id = conversations::insert(&mut batch.conn(), new, now).await?;
    // Its making is its first change, and tells so.
    let head = Head { rev: Rev(1), seq: Seq(1), texts: 0, at: now };
    batch.begin(id, head);
    members::join(&mut batch.conn(), id, room.owner, head.rev, head, now).await?;
    conversations::add_to_member_count(&mut batch.conn(), id, 1, head.rev).await?;
    tell(batch, id, head, room.owner, Notice::Created).await?;
    let mut outcome = Outcome::done(Reply::Opened(id));
    outcome.joined.push((room.owner, id));
    outcome.summaries.push((room.owner, id));
    Ok(outcome)
}

/// Finds the direct conversation of two users, or makes it.
pub(super) async fn open_direct(batch: &mut Batch, user: UserId, other: UserId) -> Result<Outcome, StoreError> {
    if user == other {
        return Ok(Outcome::refused(Error::refused("This is you. Choose somebody else to write to.")));
    }
    let key = format!("{}:{}", user.min(other), user.max(other));
    if let Some(id) = conversations::direct_of(&mut batch.conn(), &key).await? {
        return Ok(Outcome::done(Reply::Opened(id)));
    }
    let account = users::find(&mut batch.conn(), other).await?;
    if account.is_none_or(|account| account.state != UserState::Active) {
        return Ok(Outcome::refused(Error::not_found()));
    }
    for one in [user, other] {
        if let Err(error) = may_be_in_one_more(batch, one).await? {
            return Ok(Outcome::refused(error));
        }
    }
    let now = batch.now;
    let new = NewConversation { kind: NewKind::Direct, name: "", name_key: &key, topic: "", owner: None };
    let id = conversations::insert(&mut batch.conn(), new, now).await?;
    let head = Head { rev: Rev(1), seq: Seq(0), texts: 0, at: now };
    batch.begin(id, head);
    let mut outcome = Outcome::done(Reply::Opened(id));
    for one in [user, other] {
        members::join(&mut batch.conn(), id, one, head.rev, head, now).await?;
        conversations::add_to_member_count(&mut batch.conn(), id, 1, head.rev).await?;
        outcome.joined.push((one, id));
        outcome.summaries.push((one, id));
    }
    Ok(outcome)
}

/// Does one step of a user in a conversation.
pub(super) async fn step(
    batch: &mut Batch,
    by: UserId,
    id: ConversationId,
    step: &RoomCommand,
) -> Result<Outcome, StoreError> {
    // Only what this batch has locked moves.
    let found = match batch.head(id) {
        Some(_) => access::standing(&mut batch.conn(), by, id).await?,
        None => None,
    };
    let Some(standing) = found else { return Ok(Outcome::refused(Error::not_found())) };
    let written = match step {
        RoomCommand::Join => join(batch, &standing).await,
        RoomCommand::Leave => leave(batch, &standing).await,
        RoomCommand::Add(user) => add(batch, &standing, *user).await,
        RoomCommand::Remove(user) => remove(batch, &standing, *user).await,
        RoomCommand::Change(text, name_key) => change(batch, &standing, text, name_key).await,
        RoomCommand::TransferOwnership(user) => transfer_ownership(batch, &standing, *user).await,
        RoomCommand::Delete => delete(batch, &standing).await,
        RoomCommand::Read(seq) => read(batch, &standing, *seq).await,
    };
    Ok(written?.unwrap_or_else(Outcome::refused))
}

/// Nothing was to be done.
fn as_it_was() -> Written {
    Ok(Ok(Outcome::done(Reply::Unit)))
}

macro_rules! allow {
    ($rule:expr) => {
        if let Err(error) = $rule {
            return Ok(Err(error));
        }
    };
}

async fn join(batch: &mut Batch, standing: &Standing) -> Written {
    allow!(standing.may_join());
    if standing.is_in() {
        return as_it_was();
    }
    enter(batch, standing, standing.user, Notice::Joined).await
}

async fn add(batch: &mut Batch, standing: &Standing, user: UserId) -> Written {
    allow!(standing.may_manage_members());
    let account = users::find(&mut batch.conn(), user).await?;
    if account.is_none_or(|account| account.state != UserState::Active) {
        return Ok(Err(Error::refused("There is no such person to bring in.")));
    }
    let membership = members::find(&mut batch.conn(), standing.found.conversation.id, user).await?;
    if membership.is_some_and(|membership| membership.is_joined()) {
        return as_it_was();
    }
    let notice = if user == standing.user { Notice::Joined } else { Notice::Added { user } };
    enter(batch, standing, user, notice).await
}

/// A user comes into a room.
async fn enter(batch: &mut Batch, standing: &Standing, user: UserId, notice: Notice) -> Written {
    allow!(may_be_in_one_more(batch, user).await?);
    let id = standing.found.conversation.id;
    let is_empty = standing.found.conversation.member_count == 0;
    let Some(head) = batch.next_notice(id) else { return Ok(Err(Error::not_found())) };
    let now = batch.now;
    // Whoever finds a room empty looks after it.
    if is_empty && standing.found.conversation.kind != ConversationKind::General {
        conversations::set_owner(&mut batch.conn(), id, user, head.rev).await?;
    }
    members::join(&mut batch.conn(), id, user, head.rev, head, now).await?;
    conversations::add_to_member_count(&mut batch.conn(), id, 1, head.rev).await?;
    let mut outcome = changed(batch, id, head, standing.user, notice, &[user]).await?;
    outcome.joined.push((user, id));
    outcome.summaries.push((user, id));
    Ok(Ok(outcome))
}

async fn leave(batch: &mut Batch, standing: &Standing) -> Written {
    allow!(standing.may_leave());
    exit(batch, standing, standing.user, Notice::Left).await
}

async fn remove(batch: &mut Batch, standing: &Standing, user: UserId) -> Written {
    allow!(standing.may_manage_members());
    let membership = members::find(&mut batch.conn(), standing.found.conversation.id, user).await?;
    if !membership.is_some_and(|membership| membership.is_joined()) {
        return as_it_was();
    }
    let notice = if user == standing.user { Notice::Left } else { Notice::Removed { user } };
    exit(batch, standing, user, notice).await
}

/// A user goes out of a room. Its owner hands it to who has been there longest; an empty private room ends.
async fn exit(batch: &mut Batch, standing: &Standing, user: UserId, notice: Notice) -> Written {
    let room = &standing.found.conversation;
    let heir = members::longest(&mut batch.conn(), room.id, user).await?;
    if heir.is_none() && room.kind == ConversationKind::Private {
        return end(batch, room.id).await;
    }
    let Some(head) = batch.next_notice(room.id) else { return Ok(Err(Error::not_found())) };
    members::leave(&mut batch.conn(), room.id, user, head.rev).await?;
    conversations::add_to_member_count(&mut batch.conn(), room.id, -1, head.rev).await?;
    if let Some(heir) = heir.filter(|_| room.owner == Some(user)) {
        conversations::set_owner(&mut batch.conn(), room.id, heir, head.rev).await?;
    }
    let mut outcome = changed(batch, room.id, head, standing.user, notice, &[user]).await?;
    outcome.left.push((user, room.id));
    outcome.summaries.push((user, room.id));
    Ok(Ok(outcome))
}

async fn change(batch: &mut Batch, standing: &Standing, text: &RoomText, name_key: &str) -> Written {
    allow!(standing.may_change());
    let room = &standing.found.conversation;
    let notice = match (room.name == text.name, room.topic == text.topic) {
        (true, true) => return as_it_was(),
        (false, _) => Notice::Renamed { name: text.name.clone() },
        (true, false) => Notice::TopicChanged { topic: text.topic.clone() },
    };
    if matches!(room.kind, ConversationKind::Public | ConversationKind::General) {
        let holder = conversations::public_named(&mut batch.conn(), name_key).await?;
        if holder.is_some_and(|holder| holder != room.id) {
            return Ok(Err(name_taken()));
        }
    }
    let Some(head) = batch.next_notice(room.id) else { return Ok(Err(Error::not_found())) };
    conversations::set_text(&mut batch.conn(), room.id, (&text.name, name_key, &text.topic), head.rev).await?;
    Ok(Ok(changed(batch, room.id, head, standing.user, notice, &[]).await?))
}

async fn transfer_ownership(batch: &mut Batch, standing: &Standing, user: UserId) -> Written {
    allow!(standing.may_change());
    let room = &standing.found.conversation;
    if room.kind == ConversationKind::General {
        return Ok(Err(Error::refused("General is looked after by the owner.")));
    }
    let membership = members::find(&mut batch.conn(), room.id, user).await?;
    if !membership.is_some_and(|membership| membership.is_joined()) {
        return Ok(Err(Error::refused("A room can only be handed to one of its members.")));
    }
    let account = users::find(&mut batch.conn(), user).await?;
    if account.is_none_or(|account| account.state != UserState::Active) {
        return Ok(Err(Error::refused("This account is disabled. Choose somebody else.")));
    }
    allow!(may_own_one_more(batch, user).await?);
    if room.owner == Some(user) {
        return as_it_was();
    }
    let Some(head) = batch.next_notice(room.id) else { return Ok(Err(Error::not_found())) };
    conversations::set_owner(&mut batch.conn(), room.id, user, head.rev).await?;
    Ok(Ok(changed(batch, room.id, head, standing.user, Notice::OwnerChanged { user }, &[]).await?))
}

async fn delete(batch: &mut Batch, standing: &Standing) -> Written {
    allow!(standing.may_delete());
    end(batch, standing.found.conversation.id).await
}

/// A room ends: nobody finds it any more. Its rows are swept away later, a few at a time.
async fn end(batch: &mut Batch, id: ConversationId) -> Written {
    conversations::mark_deleted(&mut batch.conn(), id).await?;
    batch.end(id);
    Ok(Ok(Outcome { gone: Some(id), ..Outcome::done(Reply::Unit) }))
}

async fn read(batch: &mut Batch, standing: &Standing, seq: Seq) -> Written {
    let membership = match standing.member() {
        Ok(membership) => membership,
        Err(error) => return Ok(Err(error)),
    };
    let id = standing.found.conversation.id;
    let head = batch.head(id).map(|head| head.seq).unwrap_or_default();
    if seq < Seq(0) || seq > head {
        return Ok(Err(Error::invalid("A read position is a message's place, or 0.")));
    }
    if seq == membership.read.seq {
        return as_it_was();
    }
    let others_count = messages::others_count_up_to(&mut batch.conn(), id, standing.user, seq).await?;
    members::set_read(&mut batch.conn(), id, standing.user, ReadPosition { seq, others_count }).await?;
    let mut outcome = Outcome::done(Reply::Unit);
    outcome.summaries.push((standing.user, id));
    Ok(Ok(outcome))
}

/// One change of a room: its row, the members it is about, and the line that tells of it.
async fn changed(
    batch: &mut Batch,
    id: ConversationId,
    head: Head,
    by: UserId,
    notice: Notice,
    whom: &[UserId],
) -> Result<Outcome, StoreError> {
    let message = tell(batch, id, head, by, notice).await?;
    let mut people: Vec<_> = message.people().chain(whom.iter().copied()).map(|user| (id, user)).collect();
    people.sort_unstable();
    people.dedup();
    let memberships = members::among(&mut batch.conn(), &people).await?;
    let rows = Rows {
        conversation: conversations::find(&mut batch.conn(), id).await?.map(|found| found.conversation),
        members: memberships.into_iter().map(|membership| membership.member).collect(),
        messages: vec![message],
    };
    let mut outcome = Outcome::done(Reply::Unit);
    outcome.changes.push(Change { conversation: id, rev: head.rev, rows });
    Ok(outcome)
}

/// Writes the line that tells what happened.
async fn tell(
    batch: &mut Batch,
    id: ConversationId,
    head: Head,
    by: UserId,
    notice: Notice,
) -> Result<Arc<Message>, StoreError> {
    let own = members::find(&mut batch.conn(), id, by).await?.map_or(0, |membership| membership.texts);
    let message = Arc::new(Message {
        id: MessageId::new(batch.now, rand::random()),
        seq: head.seq,
        rev: head.rev,
        author: by,
        at: batch.now,
        content: Content::Notice { notice },
    });
    // Nobody sends it again, so nothing need be recognised.
    let stored = StoredMessage { conversation: id, message: Arc::clone(&message), hash: [0; 32] };
    messages::insert(&mut batch.conn(), &[NewMessage { stored, texts: head.texts, own }]).await?;
    Ok(message)
}

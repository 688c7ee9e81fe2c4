//! What users do in a room: joining and leaving, managing members, changing and deleting it, transferring ownership.
//!
//! [`access`] decides who may; this does it.

use super::Writer;
use super::batch::{Batch, Outcome};
use super::command::Command;
use super::notices;
use crate::model::room::RoomText;
use crate::model::{ConversationId, ConversationKind, Error, Field, Notice, UserId};
use crate::server::access::{self, RoomAuthorization};
use crate::server::error::Rejection;
use crate::server::hub::MembershipChange;
use crate::server::store::{StoreError, conversations, members};

/// What a user does in a room.
#[derive(Clone, Debug)]
pub enum RoomCommand {
    Join,
    Leave,
    /// Adds a member.
    Add(UserId),
    /// Removes a member.
    Remove(UserId),
    /// Changes the name (with its key) and the topic.
    Change(RoomText, String),
    /// Makes another member the owner.
    TransferOwnership(UserId),
    Delete,
}

impl Writer {
    /// Does what a user asks for in a room.
    ///
    /// # Errors
    /// What [`RoomAuthorization`] refuses; `Invalid` when the name of a public room is taken.
    pub async fn change_room(&self, by: UserId, room: ConversationId, command: RoomCommand) -> Result<(), Error> {
        self.ask(Command::Room { by, room, command }).await.map(drop)
    }
}

impl RoomCommand {
    /// Another node has given the name to another public room in the same moment.
    pub(super) fn conflict(&self) -> Option<Error> {
        matches!(self, RoomCommand::Change(..)).then(name_taken)
    }

    pub(super) async fn execute(
        &self,
        batch: &mut Batch,
        by: UserId,
        room: ConversationId,
    ) -> Result<Outcome, Rejection> {
        // Only what this batch has locked may change.
        batch.head(room).ok_or_else(Error::not_found)?;
        let access = access::room(&mut batch.conn(), by, room).await?.ok_or_else(Error::not_found)?;
        match self {
            RoomCommand::Join => join(batch, &access).await,
            RoomCommand::Leave => leave(batch, &access).await,
            RoomCommand::Add(user) => add(batch, &access, *user).await,
            RoomCommand::Remove(user) => remove(batch, &access, *user).await,
            RoomCommand::Change(text, name_key) => change(batch, &access, text, name_key).await,
            RoomCommand::TransferOwnership(user) => transfer_ownership(batch, &access, *user).await,
            RoomCommand::Delete => {
                access.may_delete()?;
                delete(batch, room).await
            }
        }
    }
}

/// The refusal of a public room's name. Names of public rooms are unique; the database has the last word.
pub(super) fn name_taken() -> Error {
    Error::field(Field::Name, "There is a public room of this name already, or of one that looks like it.")
}

async fn is_member(batch: &mut Batch, id: ConversationId, user: UserId) -> Result<bool, StoreError> {
    let membership = members::find(&mut batch.conn(), id, user).await?;
    Ok(membership.is_some_and(|membership| membership.is_joined()))
}

async fn join(batch: &mut Batch, access: &RoomAuthorization) -> Result<Outcome, Rejection> {
    access.may_join()?;
    if access.is_member() {
        return Ok(Outcome::done());
    }
    enter(batch, access, access.user, Notice::Joined).await
}

async fn add(batch: &mut Batch, access: &RoomAuthorization, user: UserId) -> Result<Outcome, Rejection> {
    access.may_add(&mut batch.conn(), user).await?;
    if is_member(batch, access.conversation.id, user).await? {
        return Ok(Outcome::done());
    }
    let notice = if user == access.user { Notice::Joined } else { Notice::Added { user } };
    enter(batch, access, user, notice).await
}

/// Makes a user a member.
async fn enter(
    batch: &mut Batch,
    access: &RoomAuthorization,
    user: UserId,
    notice: Notice,
) -> Result<Outcome, Rejection> {
    access::may_be_in_one_more(&mut batch.conn(), user).await?;
    // Whoever adds somebody is a member, so the room has an owner or is managed by them.
    let becomes_owner = access.becomes_owner_by_joining(&mut batch.conn()).await?;
    let room = &access.conversation;
    let head = batch.next_notice(room.id).ok_or_else(Error::not_found)?;
    let now = batch.now;
    if becomes_owner {
        conversations::set_owner(&mut batch.conn(), room.id, Some(user), head.rev).await?;
    }
    members::join(&mut batch.conn(), room.id, user, head.rev, head, now).await?;
    conversations::add_to_member_count(&mut batch.conn(), room.id, 1, head.rev).await?;
    let mut outcome = notices::change(batch, room.id, head, access.user, notice, Some(user)).await?;
    outcome.summaries.push((user, room.id, MembershipChange::Joined));
    Ok(outcome)
}

async fn leave(batch: &mut Batch, access: &RoomAuthorization) -> Result<Outcome, Rejection> {
    access.may_leave()?;
    exit(batch, access, access.user, Notice::Left).await
}

async fn remove(batch: &mut Batch, access: &RoomAuthorization, user: UserId) -> Result<Outcome, Rejection> {
    access.may_manage_members()?;
    if !is_member(batch, access.conversation.id, user).await? {
        return Ok(Outcome::done());
    }
    let notice = if user == access.user { Notice::Left } else { Notice::Removed { user } };
    exit(batch, access, user, notice).await
}

/// Ends a user's membership. If they owned the room, an heir becomes the owner ([`RoomAuthorization::heir_of`]); an empty
/// private room is deleted, an empty public one stays theirs until somebody joins it.
async fn exit(
    batch: &mut Batch,
    access: &RoomAuthorization,
    user: UserId,
    notice: Notice,
) -> Result<Outcome, Rejection> {
    let room = &access.conversation;
    let is_last = room.member_count == 1;
    if is_last && room.kind == ConversationKind::Private {
        return delete(batch, room.id).await;
    }
    let head = batch.next_notice(room.id).ok_or_else(Error::not_found)?;
    members::leave(&mut batch.conn(), room.id, user, head.rev).await?;
    conversations::add_to_member_count(&mut batch.conn(), room.id, -1, head.rev).await?;
    if room.owner == Some(user) && !is_last {
        let heir = access.heir_of(&mut batch.conn(), user).await?;
        conversations::set_owner(&mut batch.conn(), room.id, heir, head.rev).await?;
    }
    let mut outcome = notices::change(batch, room.id, head, access.user, notice, Some(user)).await?;
    outcome.summaries.push((user, room.id, MembershipChange::Left));
    Ok(outcome)
}

async fn change(
    batch: &mut Batch,
    access: &RoomAuthorization,
    text: &RoomText,
    name_key: &str,
) -> Result<Outcome, Rejection> {
    access.may_change()?;
    let room = &access.conversation;
    let notice = match (room.name == text.name, room.topic == text.topic) {
        (true, true) => return Ok(Outcome::done()),
        (false, _) => Notice::Renamed { name: text.name.clone() },
        (true, false) => Notice::TopicChanged { topic: text.topic.clone() },
    };
    if matches!(room.kind, ConversationKind::Public | ConversationKind::General) {
        let holder = conversations::public_named(&mut batch.conn(), name_key).await?;
        if holder.is_some_and(|holder| holder != room.id) {
            return Err(name_taken().into());
        }
    }
    let head = batch.next_notice(room.id).ok_or_else(Error::not_found)?;
    conversations::set_text(&mut batch.conn(), room.id, (&text.name, name_key, &text.topic), head.rev).await?;
    Ok(notices::change(batch, room.id, head, access.user, notice, None).await?)
}

async fn transfer_ownership(batch: &mut Batch, access: &RoomAuthorization, user: UserId) -> Result<Outcome, Rejection> {
    access.may_transfer_ownership_to(&mut batch.conn(), user).await?;
    let room = &access.conversation;
    if room.owner == Some(user) {
        return Ok(Outcome::done());
    }
    let head = batch.next_notice(room.id).ok_or_else(Error::not_found)?;
    conversations::set_owner(&mut batch.conn(), room.id, Some(user), head.rev).await?;
    Ok(notices::change(batch, room.id, head, access.user, Notice::OwnerChanged { user }, None).await?)
}

/// Marks a room as deleted: nobody finds it any more. Its rows are swept later, a few at a time.
async fn delete(batch: &mut Batch, id: ConversationId) -> Result<Outcome, Rejection> {
    conversations::mark_deleted(&mut batch.conn(), id).await?;
    batch.remove_conversation(id);
    Ok(Outcome { deleted: Some(id), ..Outcome::done() })
}

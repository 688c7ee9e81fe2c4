//! Accounts: registering, passwords, disabling, the right to invite, when users were last connected.

use super::Writer;
use super::batch::{Batch, Change, Outcome};
use super::command::{Command, Reply};
use super::invitations::{self, InvitationCheck};
use crate::model::invitation::InvitationLimits;
use crate::model::{
    Error, Field, FieldProblem, InvitationToken, Millis, Role, Rows, UserId, UserState, WorkspaceName, password_form,
    registration,
};
use crate::server::error::Rejection;
use crate::server::store::sessions::{self, SessionKey};
use crate::server::store::users::{self, NewUser};
use crate::server::store::{StoreError, conversations, installation, invitations as store_invitations, members};

/// Users whose last connection one command notes: a few milliseconds of the writer's time.
const LAST_SEEN_AT_ONCE: usize = 500;

#[derive(Debug)]
pub enum AccountCommand {
    /// Makes an account. The first one becomes the owner of the installation.
    Register(Box<NewUser>, InvitationCheck, Option<FirstAccount>),
    /// Changes a user's password, asked by one of their sessions.
    ChangePassword(Box<PasswordChange>),
    /// Sets a password by the operator's command: all sessions end.
    SetPasswordHash(UserId, String),
    /// Disables or re-enables an account. Disabling ends its sessions and revokes its invitations.
    SetState(UserId, UserState),
    /// Gives the right to invite, or takes it away. Taking it away revokes the open invitations.
    SetMayInvite(UserId, bool),
    /// Notes when these users were last connected.
    NoteLastSeen(Vec<(UserId, Millis)>),
}

/// What is made together with the first account. Where somebody else was first, nothing is made.
#[derive(Clone, Debug)]
pub struct FirstAccount {
    /// The workspace's name.
    pub workspace: WorkspaceName,
    /// The owner's invitation for the first colleagues, where registration is by invitation.
    pub invitation: Option<(InvitationToken, InvitationLimits)>,
}

/// A change of one's own password, checked and hashed.
#[derive(Clone, Debug)]
pub struct PasswordChange {
    pub user: UserId,
    /// The hash that the current password was checked against.
    pub before: String,
    pub hash: String,
    /// The session that asks for it and goes on, with the data that belongs to the new password.
    pub session: SessionKey,
    pub data: String,
}

impl Writer {
    /// Makes an account without asking for an invitation.
    ///
    /// # Errors
    /// `Invalid` when the username or the email address is taken.
    pub async fn register(&self, user: NewUser) -> Result<UserId, Error> {
        self.admit(user, InvitationCheck::NotRequired).await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// As [`Writer::register`], and what is wrong with the invitation.
    pub async fn admit(&self, user: NewUser, check: InvitationCheck) -> Result<UserId, Error> {
        self.make_account(user, check, None).await
    }

    /// Makes the first account, the owner's, and what belongs to it.
    ///
    /// # Errors
    /// `Conflict` when there is an account already, and as [`Writer::register`].
    pub async fn register_first(&self, user: NewUser, first: FirstAccount) -> Result<UserId, Error> {
        self.make_account(user, InvitationCheck::NotRequired, Some(first)).await
    }

    async fn make_account(
        &self,
        user: NewUser,
        check: InvitationCheck,
        first: Option<FirstAccount>,
    ) -> Result<UserId, Error> {
        match self.ask(Command::Account(AccountCommand::Register(Box::new(user), check, first))).await? {
            Reply::Registered(id) => Ok(id),
            other => Err(other.unexpected()),
        }
    }

    /// Changes a user's password and ends their other sessions.
    ///
    /// # Errors
    /// `SignInRequired` when the session that asks has ended meanwhile, `Invalid` when the password was changed
    /// meanwhile; nothing was changed then.
    pub async fn change_password(&self, change: PasswordChange) -> Result<(), Error> {
        self.ask(Command::Account(AccountCommand::ChangePassword(Box::new(change)))).await.map(drop)
    }

    /// Sets an account's password and ends its sessions.
    pub async fn set_password_hash(&self, user: UserId, hash: String) -> Result<(), Error> {
        self.ask(Command::Account(AccountCommand::SetPasswordHash(user, hash))).await.map(drop)
    }

    /// Disables or re-enables an account; disabling ends its sessions.
    pub async fn set_user_state(&self, user: UserId, state: UserState) -> Result<(), Error> {
        self.ask(Command::Account(AccountCommand::SetState(user, state))).await.map(drop)
    }

    /// Gives a user the right to invite, or takes it away; taking it away revokes their open invitations.
    pub async fn set_may_invite(&self, user: UserId, may_invite: bool) -> Result<(), Error> {
        self.ask(Command::Account(AccountCommand::SetMayInvite(user, may_invite))).await.map(drop)
    }

    /// Notes when these users were last connected.
    pub async fn note_last_seen(&self, mut seen: Vec<(UserId, Millis)>) -> Result<(), Error> {
        // In their order, so that two nodes never deadlock.
        seen.sort_unstable();
        for chunk in seen.chunks(LAST_SEEN_AT_ONCE) {
            self.ask(Command::Account(AccountCommand::NoteLastSeen(chunk.to_vec()))).await?;
        }
        Ok(())
    }
}

impl AccountCommand {
    /// Whether it makes an account, which joins General.
    pub(super) fn makes_account(&self) -> bool {
        matches!(self, AccountCommand::Register(..))
    }

    /// Another node has taken the name in the same moment.
    pub(super) fn conflict(&self, constraint: &str) -> Option<Error> {
        self.makes_account().then(|| taken(constraint.contains("username"), constraint.contains("email")))
    }

    pub(super) async fn execute(&self, batch: &mut Batch) -> Result<Outcome, Rejection> {
        let now = batch.now;
        match self {
            AccountCommand::Register(user, check, first) => return register(batch, user, check, first.as_ref()).await,
            AccountCommand::ChangePassword(change) => change_password(batch, change).await?,
            AccountCommand::SetPasswordHash(user, hash) => {
                let conn = &mut batch.conn();
                users::set_password_hash(conn, *user, hash).await?;
                sessions::delete_of_user(conn, *user).await?;
            }
            AccountCommand::SetState(user, state) => {
                let conn = &mut batch.conn();
                users::set_state(conn, *user, *state).await?;
                if *state == UserState::Disabled {
                    sessions::delete_of_user(conn, *user).await?;
                    store_invitations::revoke_of(conn, *user, now).await?;
                }
            }
            AccountCommand::SetMayInvite(user, may_invite) => {
                let conn = &mut batch.conn();
                users::set_may_invite(conn, *user, *may_invite).await?;
                if !may_invite {
                    store_invitations::revoke_of(conn, *user, now).await?;
                }
                // It is part of what their devices show.
                users::next_user_rev(conn, *user).await?;
            }
            AccountCommand::NoteLastSeen(seen) => users::note_last_seen(&mut batch.conn(), seen).await?,
        }
        Ok(Outcome::done())
    }
}

/// The refusal of a registration whose names are taken.
fn taken(username: bool, email: bool) -> Error {
    let mut fields = Vec::new();
    if username {
        fields.push(FieldProblem {
            field: Field::Username,
            message: "This username is taken, or looks like one that is.".into(),
        });
    }
    if email {
        fields.push(FieldProblem {
            field: Field::Email,
            message: "An account with this email address exists already.".into(),
        });
    }
    Error::fields(fields)
}

/// Makes an account and adds it to General. The first one is the owner of the installation.
///
/// General is locked by the batch, so of two that want to be the first, also on two nodes, one finds the other's account.
async fn register(
    batch: &mut Batch,
    user: &NewUser,
    check: &InvitationCheck,
    first: Option<&FirstAccount>,
) -> Result<Outcome, Rejection> {
    let role = if users::any(&mut batch.conn()).await? { Role::Member } else { Role::Owner };
    if first.is_some() && role != Role::Owner {
        return Err(registration::not_first().into());
    }
    let (username, email) = users::taken(&mut batch.conn(), &user.username_key, &user.email_key).await?;
    if username || email {
        return Err(taken(username, email).into());
    }
    // After everything else that may refuse: a use that was counted is not given back.
    let invitation = invitations::use_one(batch, check, role).await?;
    let now = batch.now;
    let id = users::insert(&mut batch.conn(), user, role, invitation, now).await?;
    let mut outcome = Outcome::replied(Reply::Registered(id));
    if let Some(FirstAccount { workspace, invitation }) = first {
        let conn = &mut batch.conn();
        installation::set_workspace_name(conn, workspace).await?;
        if let Some((token, limits)) = invitation {
            store_invitations::insert(conn, token, id, *limits, now).await?;
        }
    }
    // A new account has no connections to subscribe.
    outcome.changes.extend(join_general(batch, id).await?);
    Ok(outcome)
}

async fn join_general(batch: &mut Batch, user: UserId) -> Result<Option<Change>, StoreError> {
    let Some(general) = batch.general else { return Ok(None) };
    let Some(head) = batch.next_rev(general) else { return Ok(None) };
    let now = batch.now;
    let conn = &mut batch.conn();
    members::join(conn, general, user, head.rev, head, now).await?;
    conversations::add_to_member_count(conn, general, 1, head.rev).await?;
    let membership = members::find(conn, general, user).await?;
    let rows = Rows {
        conversation: conversations::find(conn, general).await?.map(|stored| stored.conversation),
        members: membership.into_iter().map(|membership| membership.member).collect(),
        messages: Vec::new(),
    };
    Ok(Some(Change { conversation: general, rev: head.rev, rows }))
}

/// Sets the new password, lets the session that asked go on under it, and ends the others. A session that was revoked
/// meanwhile changes nothing any more.
async fn change_password(batch: &mut Batch, change: &PasswordChange) -> Result<(), Rejection> {
    let now = batch.now;
    let conn = &mut batch.conn();
    if sessions::load(conn, &change.session, now).await?.is_none() {
        return Err(Error::sign_in_required().into());
    }
    if !users::replace_password_hash(conn, change.user, &change.before, &change.hash).await? {
        return Err(Error::field(Field::CurrentPassword, password_form::CHANGED_MEANWHILE).into());
    }
    sessions::set_data(conn, &change.session, &change.data).await?;
    sessions::delete_others(conn, change.user, &change.session).await?;
    Ok(())
}

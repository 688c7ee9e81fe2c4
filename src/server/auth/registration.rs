//! Registration: who may register, and creating the account.

use super::{Passwords, Request, SignedIn, address, form_values, local_path, request};
use crate::model::invitation::FIRST_LINK;
use crate::model::registration::{self, RegistrationForm};
use crate::model::{Admission, Error, Field, InvitationToken, UserId, WorkspaceName, invitation, key, user};
use crate::server::config::Registration;
use crate::server::error;
use crate::server::store::invitations;
use crate::server::store::users::NewUser;
use crate::server::writer::{FirstAccount, InvitationCheck};

/// Whether somebody with this invitation (the token of its link, or an empty text) may register, and how.
///
/// # Errors
/// Why they may not; `TooMany` for guessing at invitations.
pub async fn admission(invite: &str) -> Result<Admission, Error> {
    let request = request()?;
    let core = &request.core;
    let first = !core.has_accounts().await.map_err(error::reading)?;
    match core.registration {
        Registration::Closed if first => Err(registration::closed_and_empty()),
        Registration::Closed => Err(registration::closed()),
        Registration::Open if first => Ok(Admission::First { by_invitation: false }),
        Registration::Invite if first => Ok(Admission::First { by_invitation: true }),
        Registration::Open => Ok(Admission::Open),
        Registration::Invite if invite.is_empty() => Err(invitation::needed()),
        Registration::Invite => {
            let from = address(&request.parts, &request.auth.settings);
            request.auth.throttles.registration(from)?;
            let name = request.inviter(&InvitationToken::parse(invite)?).await?;
            // The token is right, so this was no guess: reloading the page costs nothing.
            request.auth.throttles.invited(from);
            Ok(Admission::Invited(name))
        }
    }
}

/// Creates an account, signs it in and redirects to `next`.
pub async fn register(form: RegistrationForm, invite: &str, next: &str) -> Result<(), Error> {
    let mut request = request()?;
    let registered = request.register(&form, invite, next).await;
    if registered.is_err() {
        let RegistrationForm { username, first_name, last_name, email, password: _, workspace } = &form;
        let workspace = workspace.as_deref().unwrap_or_default();
        form_values::keep(
            &request,
            &[
                ("username", username),
                ("first_name", first_name),
                ("last_name", last_name),
                ("email", email),
                ("workspace", workspace),
            ],
        );
    }
    registered
}

/// The row of a new account, from a checked registration.
///
/// # Errors
/// `Invalid` when the username looks like a reserved one, or the password is easy to guess.
pub async fn new_user(checked: &crate::model::Registration, passwords: &Passwords) -> Result<NewUser, Error> {
    let unhashed = hashed_user(checked, String::new())?;
    Ok(NewUser { password_hash: passwords.hash_new(&checked.password, checked.into()).await?, ..unhashed })
}

/// Like [`new_user`], with a password that is hashed already (and not checked for strength).
///
/// # Errors
/// `Invalid` when the username looks like a reserved one.
pub fn hashed_user(checked: &crate::model::Registration, password_hash: String) -> Result<NewUser, Error> {
    let username_key = key::lookalike_key(checked.username.as_str());
    if user::RESERVED.iter().any(|reserved| key::lookalike_key(reserved) == username_key) {
        return Err(Error::field(Field::Username, user::RESERVED_REFUSAL));
    }
    Ok(NewUser {
        username: checked.username.to_string(),
        username_key,
        first_name: checked.first_name.as_str().to_owned(),
        last_name: checked.last_name.as_str().to_owned(),
        email: checked.email.as_str().to_owned(),
        email_key: checked.email.key(),
        password_hash,
    })
}

impl Request {
    async fn register(&mut self, form: &RegistrationForm, invite: &str, next: &str) -> Result<(), Error> {
        if self.core.registration == Registration::Closed {
            return Err(registration::closed());
        }
        let checked = form.check()?;
        self.auth.throttles.registration(address(&self.parts, &self.auth.settings))?;
        let id_and_hash = match &checked.workspace {
            Some(workspace) => self.register_first(&checked, workspace.clone()).await,
            None => self.register_by(&checked, invite).await,
        };
        let (id, hash) = id_and_hash?;
        self.begin_session(SignedIn::new(id, &hash)).await?;
        leptos_axum::redirect(local_path(next));
        Ok(())
    }

    /// Makes the account of somebody who comes after the first one, or does not name the workspace.
    async fn register_by(&self, checked: &crate::model::Registration, invite: &str) -> Result<(UserId, String), Error> {
        let by = self.registered_by(invite).await?;
        let user = new_user(checked, &self.auth.passwords).await?;
        let hash = user.password_hash.clone();
        Ok((self.core.writer.admit(user, by).await?, hash))
    }

    /// Makes the first account, with the workspace's name and, where registration is by invitation, a link for the first
    /// colleagues. The writer decides whether it is the first; where there is one already, this is refused before the
    /// password is hashed, which is slow by design.
    async fn register_first(
        &self,
        checked: &crate::model::Registration,
        workspace: WorkspaceName,
    ) -> Result<(UserId, String), Error> {
        if self.core.has_accounts().await.map_err(error::reading)? {
            return Err(registration::not_first());
        }
        let invitation = match self.core.registration {
            Registration::Invite => Some((InvitationToken::new(rand::random()), FIRST_LINK.check()?)),
            Registration::Open | Registration::Closed => None,
        };
        let user = new_user(checked, &self.auth.passwords).await?;
        let hash = user.password_hash.clone();
        Ok((self.core.writer.register_first(user, FirstAccount { workspace, invitation }).await?, hash))
    }

    /// What a registration with this invitation is based on. The writer decides whether it is still good; a bad one is
    /// refused here already, before the password is hashed, which is slow by design.
    async fn registered_by(&self, invite: &str) -> Result<InvitationCheck, Error> {
        match self.core.registration {
            Registration::Open | Registration::Closed => Ok(InvitationCheck::NotRequired),
            Registration::Invite if invite.is_empty() => Ok(InvitationCheck::Required(None)),
            Registration::Invite => {
                let token = InvitationToken::parse(invite)?;
                self.inviter(&token).await?;
                Ok(InvitationCheck::Required(Some(token)))
            }
        }
    }

    /// The name of the user whose open invitation has this token.
    async fn inviter(&self, token: &InvitationToken) -> Result<String, Error> {
        let mut snapshot = self.core.db.snapshot().await.map_err(error::reading)?;
        let found = invitations::find_by_token(&mut snapshot.conn(), token).await.map_err(error::reading)?;
        let found = found.ok_or_else(invitation::unknown)?;
        found.state(self.core.clock.now()).open()?;
        Ok(found.by.full_name())
    }
}

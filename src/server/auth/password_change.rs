//! Changing one's own password.

use super::{SignedIn, address, request, session_failed, sessions};
use crate::model::password_form::{PasswordForm, WRONG_CURRENT};
use crate::model::{Error, Field};
use crate::server::error;
use crate::server::store::{sessions as rows, users};
use crate::server::writer::PasswordChange;
use crate::wire::close;

/// Changes the password of the signed-in user. When this returns, their other sessions have ended and the live
/// connections of those are closed; the current session stays.
///
/// # Errors
/// `Invalid` for what the form refuses, a wrong current password or a guessable new one, `TooMany` for guessing at it: a stolen
/// session must not help to find out the password.
pub async fn change_password(form: PasswordForm) -> Result<(), Error> {
    let mut request = request()?;
    let (user, this) = request.caller_ending_sessions()?;
    let new = form.check()?;
    let core = request.core.clone();
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let account = users::find(&mut snapshot.conn(), user).await.map_err(error::reading)?;
    let session = rows::load(&mut snapshot.conn(), &this, core.clock.now()).await.map_err(error::reading)?;
    // Hashing is slow; the database connection must not wait for it.
    drop(snapshot);
    let (account, (data, _)) = account.zip(session).ok_or_else(Error::sign_in_required)?;

    let (auth, address) = (&request.auth, address(&request.parts, &request.auth.settings));
    let login = account.me.person.username.as_str();
    auth.throttles.sign_in(login, address)?;
    if !auth.passwords.verify(&form.current, Some(&account.password_hash)).await? {
        return Err(Error::field(Field::CurrentPassword, WRONG_CURRENT));
    }
    auth.throttles.signed_in(login, address);
    let hash = auth.passwords.hash_new(&new, (&account.me).into()).await?;
    let signed_in = SignedIn::new(user, &hash);
    let data = sessions::with_new_password(&data, &signed_in)?;
    let change = PasswordChange { user, before: account.password_hash, hash, session: this, data };
    core.writer.change_password(change).await?;
    core.hub.close_user(user, Some(&this), close::SESSION);
    // If this request also renews the session, it must not write the old password's hash back.
    request.session.login(&signed_in).await.map_err(session_failed)?;
    request.redirect_plain_form("/password?changed=yes");
    Ok(())
}

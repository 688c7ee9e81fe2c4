//! Writing a change of password.

use super::batch::Outcome;
use super::command::{PasswordChange, Reply};
use crate::model::{Error, Field, Millis, password_form};
use crate::server::store::{Conn, StoreError, sessions, users};

/// Sets the new password, lets the session that asked go on under it, and ends the others: all of it, or nothing. A
/// session that has been revoked meanwhile changes nothing any more.
pub(super) async fn change(conn: &mut Conn<'_>, change: &PasswordChange, now: Millis) -> Result<Outcome, StoreError> {
    if sessions::load(conn, &change.session, now).await?.is_none() {
        return Ok(Outcome::refused(Error::sign_in_required()));
    }
    if !users::replace_password_hash(conn, change.user, &change.before, &change.hash).await? {
        let error = Error::field(Field::CurrentPassword, password_form::CHANGED_MEANWHILE);
        return Ok(Outcome::refused(error));
    }
    sessions::set_data(conn, &change.session, &change.data).await?;
    sessions::delete_others(conn, change.user, &change.session).await?;
    Ok(Outcome::done(Reply::Unit))
}

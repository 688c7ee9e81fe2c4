//! Invitations: making links, looking after them.

use crate::model::invitation::{CAME_MAX, INVITATIONS_PAGE, InvitationForm};
use crate::model::{Error, Invitation, InvitationId, InvitationToken, Invitations, Person, Route};
use crate::server::store::invitations;
use crate::server::writer::InvitationCommand;
use crate::server::{access, auth, error};
use std::collections::HashMap;

/// A page of the invitations that the caller looks after, the newest first: those before `after`.
///
/// # Errors
/// `NotFound` for those who may not invite.
pub async fn page(after: Option<InvitationId>) -> Result<Invitations, Error> {
    let (core, user) = auth::caller().await?;
    let (site, now) = (auth::site()?, core.clock.now());
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let sees = access::inviter(&core, &mut snapshot, user).await?.sees();
    let before = after.unwrap_or(InvitationId(i64::MAX));
    // One more than a page tells of the next one.
    let read = invitations::before(&mut snapshot.conn(), sees, before, INVITATIONS_PAGE + 1).await;
    let mut found = read.map_err(error::reading)?;
    let more = found.len() > INVITATIONS_PAGE;
    found.truncate(INVITATIONS_PAGE);
    let next = if more { found.last().map(|found| found.id) } else { None };

    let ids: Vec<InvitationId> = found.iter().map(|found| found.id).collect();
    let mut came: HashMap<InvitationId, Vec<Person>> = HashMap::new();
    for (id, person) in invitations::came(&mut snapshot.conn(), &ids, CAME_MAX).await.map_err(error::reading)? {
        came.entry(id).or_default().push(person);
    }
    let entries = found.into_iter().map(|found| Invitation {
        state: found.state(now),
        address: link(&site, &found.token),
        came: came.remove(&found.id).unwrap_or_default(),
        id: found.id,
        by: found.by,
        created_at: found.created_at,
        expires_at: found.expires_at,
        uses: found.uses,
        uses_max: found.uses_max,
    });
    Ok(Invitations { entries: entries.collect(), next, everybody: sees.is_none(), now })
}

/// Makes a link, and gives its address.
///
/// # Errors
/// `NotFound` for those who may not invite, `Invalid` for what the form does not offer, `Forbidden` for one too many.
pub async fn create(form: InvitationForm) -> Result<String, Error> {
    let (core, user) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::inviter(&core, &mut snapshot, user).await?;
    drop(snapshot);
    let (terms, token) = (form.check()?, InvitationToken::new(rand::random()));
    let address = link(&auth::site()?, &token);
    core.writer.invite(user, InvitationCommand::Make { token, terms }).await?;
    Ok(address)
}

/// Revokes a link.
///
/// # Errors
/// `NotFound` for those who may not invite, and for a link that they do not look after.
pub async fn revoke(id: InvitationId) -> Result<(), Error> {
    let (core, user) = auth::caller().await?;
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::inviter(&core, &mut snapshot, user).await?;
    drop(snapshot);
    core.writer.invite(user, InvitationCommand::Revoke(id)).await
}

/// The address at which a token lets somebody register.
fn link(site: &str, token: &InvitationToken) -> String {
    format!("{site}{}?invite={}", Route::Register, token.as_str())
}

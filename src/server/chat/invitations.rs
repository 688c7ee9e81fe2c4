//! Invitations: making links, listing and revoking them.

use crate::model::invitation::{INVITATIONS_PAGE, InvitationForm, REGISTERED_MAX};
use crate::model::{
    ConversationKind, Error, Invitation, InvitationId, InvitationState, InvitationToken, Invitations, InviteLink,
    OpenedConversation, Person, Role, UserId,
};
use crate::server::config::Registration;
use crate::server::store::invitations;
use crate::server::{Core, access, error};
use std::collections::HashMap;

/// A page of the invitations that the user manages (their own; the owner: everybody's), the newest first: those before
/// `after`. `register_page` is the address of the page to register at, which the links lead to.
///
/// # Errors
/// `NotFound` for those who may not invite.
pub async fn page(
    core: &Core,
    user: UserId,
    register_page: &str,
    after: Option<InvitationId>,
) -> Result<Invitations, Error> {
    let now = core.clock.now();
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let made_by = access::inviter(core, &mut snapshot, user).await?.manages_only();
    let before = after.unwrap_or(InvitationId(i64::MAX));
    // One more than a page shows whether there is a next one.
    let rows = invitations::before(&mut snapshot.conn(), made_by, before, INVITATIONS_PAGE + 1).await;
    let mut rows = rows.map_err(error::reading)?;
    let more = rows.len() > INVITATIONS_PAGE;
    rows.truncate(INVITATIONS_PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id);

    let ids: Vec<InvitationId> = rows.iter().map(|row| row.id).collect();
    let mut registered: HashMap<InvitationId, Vec<Person>> = HashMap::new();
    for (id, person) in
        invitations::registered_with(&mut snapshot.conn(), &ids, REGISTERED_MAX).await.map_err(error::reading)?
    {
        registered.entry(id).or_default().push(person);
    }
    let entries = rows.into_iter().map(|row| Invitation {
        state: row.state(now),
        address: link(register_page, &row.token),
        registered: registered.remove(&row.id).unwrap_or_default(),
        id: row.id,
        by: row.by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        uses: row.uses,
        uses_max: row.uses_max,
    });
    Ok(Invitations { entries: entries.collect(), next, everybody: made_by.is_none(), now })
}

/// The link that the owner sends to the first people, with the page of General while they are alone there; `None` for
/// others, and on other pages.
///
/// # Errors
/// When the database cannot be read.
pub async fn invite_link(
    core: &Core,
    opened: &OpenedConversation,
    register_page: &str,
) -> Result<Option<InviteLink>, Error> {
    let (me, room) = (&opened.initial_state.me, &opened.window.conversation);
    if me.role != Role::Owner || room.kind != ConversationKind::General || room.member_count > 1 {
        return Ok(None);
    }
    match core.registration {
        Registration::Open => return Ok(Some(InviteLink::Open { address: register_page.to_owned() })),
        Registration::Closed => return Ok(Some(InviteLink::ByOperator)),
        Registration::Invite => {}
    }
    let now = core.clock.now();
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    let made_by = Some(me.person.id);
    let newest = InvitationId(i64::MAX);
    let rows = invitations::before(&mut snapshot.conn(), made_by, newest, INVITATIONS_PAGE).await;
    let open = rows.map_err(error::reading)?.into_iter().find(|row| row.state(now) == InvitationState::Open);
    Ok(Some(open.map_or(InviteLink::NoInvitation, |row| InviteLink::Invitation {
        address: link(register_page, &row.token),
        expires_at: row.expires_at,
        uses_left: row.uses_max - row.uses,
        now,
    })))
}

/// Makes an invitation and returns its link. `register_page` is the address of the page to register at.
///
/// # Errors
/// `NotFound` for those who may not invite, `Invalid` for what the form does not offer, `Forbidden` for one too many.
pub async fn create(core: &Core, user: UserId, register_page: &str, form: InvitationForm) -> Result<String, Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::inviter(core, &mut snapshot, user).await?;
    drop(snapshot);
    let (limits, token) = (form.check()?, InvitationToken::new(rand::random()));
    let link = link(register_page, &token);
    core.writer.create_invitation(user, token, limits).await?;
    Ok(link)
}

/// Revokes an invitation.
///
/// # Errors
/// `NotFound` for those who may not invite, and for an invitation that they do not manage.
pub async fn revoke(core: &Core, user: UserId, id: InvitationId) -> Result<(), Error> {
    let mut snapshot = core.db.snapshot().await.map_err(error::reading)?;
    access::inviter(core, &mut snapshot, user).await?;
    drop(snapshot);
    core.writer.revoke_invitation(user, id).await
}

fn link(register_page: &str, token: &InvitationToken) -> String {
    format!("{register_page}?invite={}", token.as_str())
}

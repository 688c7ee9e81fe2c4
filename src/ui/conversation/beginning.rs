//! What stands at the beginning of a conversation, above its first message: how to start it, or what it is.

use super::sign_of;
use crate::client::platform::page;
use crate::client::{Chat, Row, Timeline, effect, memo};
use crate::model::invitation::until_text;
use crate::model::{ConversationKind, InviteLink, Role, Route};
use crate::ui::parts::{Icon, IconOf, live};
use crate::ui::room_panel::{ADD_PEOPLE, SET_TOPIC};
use leptos::prelude::*;

/// The `id` of the field with the link for the first people.
const LINK_ID: &str = "invite-link";

/// What the beginning offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offer {
    /// The owner is alone in the workspace: a link for the first people.
    FirstPeople,
    /// A room of one's own: adding people while nobody else is there, a topic while there is none.
    OwnRoom {
        alone: bool,
        without_topic: bool,
    },
    Nothing,
}

/// The beginning of a conversation, while it is on the page.
#[component]
pub fn Beginning(timeline: Timeline, name: Memo<String>) -> impl IntoView {
    let chat = Chat::get();
    let (me, link) = (chat.me(), chat.invite_link());
    let offer = memo(move || {
        let (id, is_owner) = me.with(|me| {
            let me = me.as_ref();
            (me.map(|me| me.person.id), me.is_some_and(|me| me.role == Role::Owner))
        });
        timeline.conversation.with(|row| {
            let alone = row.member_count <= 1;
            match row.kind {
                ConversationKind::General if is_owner && alone && link.with(Option::is_some) => Offer::FirstPeople,
                ConversationKind::Public | ConversationKind::Private if row.owner.is_some() && row.owner == id => {
                    Offer::OwnRoom { alone, without_topic: row.topic.is_empty() }
                }
                _ => Offer::Nothing,
            }
        })
    });
    let is_unwritten = memo(move || {
        let is_notice = |row: &Row| matches!(row, Row::Posted(message) if !message.is_text());
        // The rows are those in the page: what they lack has not been looked at.
        let is_whole = timeline.at_latest.get() && timeline.space.get() == (0.0, 0.0);
        is_whole && timeline.rows.with(|rows| rows.iter().all(|entry| entry.row.with(is_notice)))
    });
    live(move || match (offer.get(), is_unwritten.get()) {
        (Offer::FirstPeople, true) => view! { <FirstPeople timeline=timeline /> }.into_any(),
        (Offer::OwnRoom { alone, without_topic }, true) => {
            let text = match (alone, without_topic) {
                (true, true) => "Only you are in this room so far. Add people, and say what it is about.",
                (true, false) => "Only you are in this room so far. Add people, or write the first message below.",
                (false, true) => "Nobody has written anything yet. Say what the room is about.",
                (false, false) => "Nobody has written anything yet. Write the first message below.",
            };
            let title = move || format!("This is the start of {}{}", sign_of(kind(timeline)), name.get());
            view! {
                <div class="empty">
                    <span class="glyph">
                        <Icon of=IconOf::Mark />
                    </span>
                    <h2 dir="auto">{live(title)}</h2>
                    <p>{text}</p>
                    {room_actions(timeline, true, without_topic)}
                </div>
            }
            .into_any()
        }
        (Offer::Nothing, true) => {
            let text = match kind(timeline) {
                ConversationKind::Direct => {
                    "Nobody has said anything yet. Write the first message below; only the two of you will see it."
                }
                _ => "Nobody has said anything yet. Write the first message below; everyone in here will see it.",
            };
            view! {
                <div class="empty">
                    <span class="glyph">
                        <Icon of=IconOf::Mark />
                    </span>
                    <h2>"It is quiet in here"</h2>
                    <p>{text}</p>
                </div>
            }
            .into_any()
        }
        (offer, false) => {
            let text = move || match kind(timeline) {
                ConversationKind::Direct => {
                    format!("This is the beginning of what you and {} say to each other.", name.get())
                }
                _ => format!("This is the beginning of {}.", name.get()),
            };
            let actions = match offer {
                Offer::OwnRoom { alone, without_topic } => room_actions(timeline, alone, without_topic),
                Offer::FirstPeople => view! { <WayToJoin timeline=timeline /> }.into_any(),
                Offer::Nothing => ().into_any(),
            };
            view! {
                <div class="beginning">
                    <h2 dir="auto">
                        {sign_of(kind(timeline))} {live(move || name.get())}
                    </h2>
                    <p>{live(text)}</p>
                    {actions}
                </div>
            }
            .into_any()
        }
    })
}

fn kind(timeline: Timeline) -> ConversationKind {
    timeline.conversation.with_untracked(|row| row.kind)
}

/// The ways to add people to a room and to set its topic: in its panel, or on its page.
fn room_actions(timeline: Timeline, adds: bool, sets_topic: bool) -> AnyView {
    let action = |at: &str, label: &'static str, class: &'static str| {
        view! {
            <a class=class href=format!("{}#{at}", Route::About(timeline.id))>
                {label}
            </a>
        }
        .into_any()
    };
    let adding = adds.then(|| action(ADD_PEOPLE, "Add people", "button s"));
    let class = if adds { "button s plain" } else { "button s" };
    let topic = sets_topic.then(|| action(SET_TOPIC, "Set a topic", class));
    view! { <div class="actions">{adding} {topic}</div> }.into_any()
}

/// What the owner of a new workspace does first: send a link to the first people, make a room.
#[component]
fn FirstPeople(timeline: Timeline) -> impl IntoView {
    let workspace = Chat::get().workspace();
    view! {
        <section class="first-people" aria-labelledby="first-people">
            <div>
                <span class="glyph">
                    <Icon of=IconOf::Mark />
                </span>
                <h2 id="first-people" dir="auto">
                    {live(move || format!("{} is ready", workspace.get()))}
                </h2>
                <p class="quiet">"A chat needs somebody to talk to. Let the first few people in."</p>
            </div>
            <WayToJoin timeline=timeline />
            {step(
                IconOf::Hash,
                "Rooms keep things apart",
                "One for every crew, project or plan.",
                Some((Route::NewRoom, "Add a room")),
            )}
        </section>
    }
    .into_any()
}

/// How the first people get in: by the link to copy, if there is one.
#[component]
fn WayToJoin(timeline: Timeline) -> impl IntoView {
    let chat = Chat::get();
    let link = chat.invite_link();
    // The link may have been revoked, or replaced, since the page was loaded.
    let was_live = chat.is_live().get_untracked();
    effect(move || {
        if was_live {
            chat.refresh_invite_link(timeline.id);
        }
    });
    live(move || {
        link.get().map(|link| match link {
            InviteLink::Invitation { address, expires_at, uses_left, now } => {
                let people = if uses_left == 1 { "1 person".to_owned() } else { format!("{uses_left} people") };
                let limits = format!("For {people}. It expires {}.", until_text(now, expires_at));
                view! { <LinkToCopy address=address limits=limits may_change=true /> }.into_any()
            }
            InviteLink::Open { address } => {
                let limits = "Whoever opens it can make an account.".to_owned();
                view! { <LinkToCopy address=address limits=limits may_change=false /> }.into_any()
            }
            InviteLink::NoInvitation => step(
                IconOf::Letter,
                "Nobody can join without an invite link",
                "The last one has expired, is used up or revoked.",
                Some((Route::Invitations, "Make a link")),
            ),
            InviteLink::ByOperator => step(
                IconOf::Letter,
                "Accounts are added on the server",
                "The operator runs “hubbub user add” for each of the first people.",
                None,
            ),
        })
    })
    .into_any()
}

/// Something to do next, and where.
fn step(icon: IconOf, title: &'static str, text: &'static str, action: Option<(Route, &'static str)>) -> AnyView {
    let action = action.map(|(page, label)| {
        view! {
            <a class="button s plain" href=page.to_string()>
                {label}
            </a>
        }
        .into_any()
    });
    view! {
        <div class="next-step">
            <span class="row-glyph">
                <Icon of=icon />
            </span>
            <div>
                <b>{title}</b>
                <p>{text}</p>
            </div>
            {action}
        </div>
    }
    .into_any()
}

/// The link, to be copied. Without scripts it is selected and copied by hand.
#[component]
fn LinkToCopy(address: String, limits: String, may_change: bool) -> impl IntoView {
    let is_live = Chat::get().is_live();
    let copied = RwSignal::new(false);
    let copy = move |_| copied.set(page::copy_field(LINK_ID));
    let change = may_change.then(|| view! { <a href=Route::Invitations.to_string()>"Change"</a> }.into_any());
    view! {
        <div class="invite-link">
            <label for=LINK_ID>"Invite link"</label>
            <div class="row">
                <input id=LINK_ID readonly value=address aria-describedby="invite-link-limits" />
                <button class="button" type="button" hidden=live(move || !is_live.get()) on:click=copy>
                    <span class="with-icon">
                        <Icon of=IconOf::Copy />
                        "Copy link"
                    </span>
                </button>
            </div>
            <p id="invite-link-limits">{limits} " " {change}</p>
            <p role="status">{live(move || copied.get().then_some("Copied."))}</p>
        </div>
    }
    .into_any()
}

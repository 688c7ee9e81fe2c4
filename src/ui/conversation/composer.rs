//! Where one writes.

use super::is_composing;
use crate::api::messages::PostMessage;
use crate::client::platform::{clock, entropy, page};
use crate::client::{Chat, effect, memo};
use crate::model::message::BODY_MAX;
use crate::model::{Conversation, ConversationKind, MessageId, Seq};
use crate::ui::parts::{FormSubmission, Icon, IconOf, live};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// This many characters before the limit, the rest is counted.
const COUNT_FROM: usize = 500;

/// The composer. Without scripts it is a plain form, which posts once however often it is sent.
#[component]
pub fn Composer(conversation: RwSignal<Conversation>, follows: RwSignal<bool>) -> impl IntoView {
    let chat = Chat::get();
    let (id, kind) = conversation.with_untracked(|conversation| (conversation.id, conversation.kind));
    let area = NodeRef::<Textarea>::new();
    let text = RwSignal::new(String::new());
    // Without scripts a refusal comes back with the page.
    let refused = untrack(|| FormSubmission::new(PostMessage::PATH).error());
    let problem = RwSignal::new(refused.map(|error| error.message));

    let write = move |new: &str| {
        if let Some(area) = area.get_untracked() {
            area.set_value(new);
            page::fit_height(&area);
        }
        text.set(new.to_owned());
    };
    // Takes up the draft, unless something was typed before the page woke up.
    effect(move || {
        let Some(area) = area.get() else { return };
        let typed = area.value();
        let start = if typed.is_empty() { chat.draft(id) } else { typed };
        area.set_value(&start);
        page::fit_height(&area);
        text.set(start);
        if page::has_fine_pointer() {
            // Refused only by an element that is gone.
            let _ = area.focus();
        }
    });
    let on_input = move |_| {
        let Some(area) = area.get_untracked() else { return };
        page::fit_height(&area);
        let typed = area.value();
        chat.keep_draft(id, &typed);
        if !typed.is_empty() {
            chat.typing(id);
        }
        text.set(typed);
        problem.set(None);
    };
    let send = move || {
        let typed = area.get_untracked().map(|area| area.value()).unwrap_or_default();
        if typed.trim().is_empty() {
            return;
        }
        match chat.post(id, typed) {
            Ok(()) => {
                chat.keep_draft(id, "");
                problem.set(None);
                write("");
                chat.load_latest(id);
                follows.set(true);
            }
            Err(error) => problem.set(Some(error.message)),
        }
    };
    let on_key = move |event: KeyboardEvent| {
        // A touch keyboard has no Shift+Enter: there Enter breaks the line, and the button sends.
        let sends = event.key() == "Enter" && !event.shift_key() && !event.alt_key() && page::has_fine_pointer();
        if sends && !is_composing(&event) {
            event.prevent_default();
            send();
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
        if let Some(area) = area.get_untracked() {
            let _ = area.focus();
        }
    };
    let left = memo(move || text.with(|text| BODY_MAX as i64 - text.chars().count() as i64));
    let count = move || {
        let left = left.get();
        (left <= COUNT_FROM as i64)
            .then(|| view! { <span class="left" class:over=left < 0>{left.to_string()}</span> }.into_any())
    };
    let title = chat.title(id);
    let name = move || title.get();
    let sign = if kind == ConversationKind::Direct { "" } else { "#" };
    // A room that was just made, with the notice of that and nothing else, is opened to be written in. With scripts the
    // cursor stands here in any case.
    let is_new = kind != ConversationKind::Direct
        && conversation
            .with_untracked(|conversation| conversation.owner.is_some() && conversation.owner == chat.my_id())
        && chat.summary(id).with_untracked(|summary| summary.as_ref().is_some_and(|summary| summary.head <= Seq(1)));
    let fresh = MessageId::new(clock::now().wall, entropy::bytes());
    view! {
        <p class="problem" role="alert" id="composer-problem">
            {live(move || problem.get())}
        </p>
        <form class="composer" action=PostMessage::url() method="post" on:submit=on_submit>
            <input type="hidden" name="conversation" value=id.to_string() />
            <input type="hidden" name="id" value=fresh.to_string() />
            <textarea
                node_ref=area
                name="body"
                rows="1"
                dir="auto"
                aria-label=live(move || format!("Message {}", name()))
                aria-describedby="composer-problem"
                placeholder=live(move || format!("Message {sign}{}", name()))
                autocomplete="off"
                enterkeyhint="enter"
                autofocus=is_new
                on:input=on_input
                on:keydown=on_key
            ></textarea>
            {live(count)}
            <button class="send" type="submit" aria-label="Send">
                <Icon of=IconOf::Send />
            </button>
        </form>
    }
    .into_any()
}

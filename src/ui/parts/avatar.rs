//! A person's avatar.

use super::live;
use crate::client::Chat;
use crate::model::Person;
use leptos::prelude::*;

/// A person's initials on their colour. The name always stands beside it, so it says nothing to screen readers.
#[component]
pub fn Avatar(person: Person) -> impl IntoView {
    view! {
        <span class=format!("avatar {}", hue_class(&person)) aria-hidden="true">
            {person.initials()}
        </span>
    }
}

/// A person's avatar with a dot that shows their presence.
#[component]
pub fn PersonAvatar(person: Person) -> impl IntoView {
    let (user, chat) = (person.id, Chat::get());
    let state = live(move || Some(chat.presence(user)?.state.as_str()));
    view! {
        <span class="avatar-with-presence" data-state=state aria-hidden="true">
            <Avatar person=person />
            <i class="dot"></i>
        </span>
    }
    .into_any()
}

/// The colour as a class of `avatar.css`, in twelve steps: a strict content policy allows no inline styles.
fn hue_class(person: &Person) -> String {
    format!("hue-{}", person.hue() / 30)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserId;

    #[test]
    fn every_person_has_one_of_the_twelve_hues_of_the_style_sheet() {
        let style = include_str!("../../../style/avatar.css");
        for id in 0..720 {
            let person = Person { id: UserId(id), username: "u".into(), first_name: "A".into(), last_name: "B".into() };
            let class = hue_class(&person);
            assert!(style.contains(&format!(".{class} ")), "{class}");
        }
    }
}

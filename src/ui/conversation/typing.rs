//! Who is typing.

use crate::client::Timeline;
use crate::model::Person;
use crate::ui::parts::live;
use leptos::prelude::*;

/// One line that says so. It keeps its place when nobody types, so that nothing moves.
#[component]
pub fn TypingLine(timeline: Timeline) -> impl IntoView {
    let text = move || timeline.typing.with(|people| sentence(people));
    view! {
        <p class="typing" aria-live="off" dir="auto">
            {live(text)}
        </p>
    }
    .into_any()
}

fn sentence(people: &[Person]) -> Option<String> {
    Some(match people {
        [] => return None,
        [one] => format!("{} is typing…", one.full_name()),
        [one, other] => format!("{} and {} are typing…", one.full_name(), other.full_name()),
        _ => "Several people are typing…".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserId;

    #[test]
    fn one_and_two_are_named_and_more_are_several() {
        let person = |first: &str| Person {
            id: UserId(1),
            username: "u".into(),
            first_name: first.into(),
            last_name: "Ruiz".into(),
        };
        let [ana, ben, kim] = ["Ana", "Ben", "Kim"].map(person);
        assert_eq!(sentence(&[]), None);
        assert_eq!(sentence(std::slice::from_ref(&ana)).unwrap(), "Ana Ruiz is typing…");
        assert_eq!(sentence(&[ana.clone(), ben.clone()]).unwrap(), "Ana Ruiz and Ben Ruiz are typing…");
        assert_eq!(sentence(&[ana, ben, kim]).unwrap(), "Several people are typing…");
    }
}

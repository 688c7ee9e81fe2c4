//! The twin of `browser` on the server, with the same interface. A page is rendered once, so nothing connects, waits or
//! is stored; what differs from request to request comes from the server as context (`page::Exchange`).

pub mod clock {
    use crate::client::DateParts;
    use crate::model::Millis;
    use crate::sync::Now;
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use std::time::{SystemTime, UNIX_EPOCH};

    pub fn now() -> Now {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now { mono: 0, wall: Millis(i64::try_from(since.as_millis()).unwrap_or(0)) }
    }

    /// The server renders times in UTC.
    pub fn offset(_at: Millis) -> i64 {
        0
    }

    /// A day by its number (days since 1970-01-01). Beyond the calendar its parts are empty.
    pub fn date(day: i64) -> DateParts {
        let Some(date) = day.checked_mul(86_400_000).and_then(|millis| datetime(Millis(millis))) else {
            return DateParts::default();
        };
        let part = |format: &str| date.strftime(format).to_string();
        DateParts { weekday: part("%A"), date: part("%-d"), month: part("%B"), year: part("%Y") }
    }

    pub fn time_text(_at: Millis) -> String {
        String::new()
    }

    pub fn exact_time_text(_at: Millis) -> String {
        String::new()
    }

    /// A moment as `<time datetime>` wants it (RFC 3339, UTC).
    pub fn machine_text(at: Millis) -> String {
        datetime(at).map(|moment| moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()).unwrap_or_default()
    }

    fn datetime(at: Millis) -> Option<jiff::civil::DateTime> {
        Timestamp::from_millisecond(at.0).ok().map(|moment| TimeZone::UTC.to_datetime(moment))
    }
}

pub mod entropy {
    pub fn bytes<const N: usize>() -> [u8; N] {
        rand::random()
    }
}

pub mod form {
    use crate::model::Error;
    use leptos::ev::SubmitEvent;
    use std::future::Pending;

    pub fn send(_event: &SubmitEvent) -> Option<Pending<Result<bool, Error>>> {
        None
    }

    pub fn get_address(_event: &SubmitEvent) -> Option<String> {
        None
    }
}

pub mod page {
    use crate::client::ListPreferences;
    use leptos::prelude::use_context;
    use leptos::web_sys::{Element, HtmlTextAreaElement};
    use std::collections::BTreeMap;
    use std::sync::Arc;

    /// The HTTP request that a page is rendered for, and its response. The server provides it as context; without one
    /// (as in a test), a page is rendered with the defaults.
    pub trait Exchange: Send + Sync {
        /// The theme that this browser has chosen: `light` or `dark`.
        fn theme(&self) -> Option<String>;
        /// The choices for the conversation list that this browser has kept.
        fn list_preferences(&self) -> Option<String>;
        /// The values of the form that was refused just before, by its fields' names. Given once.
        fn take_form_values(&self) -> BTreeMap<String, String>;
        /// The workspace's name.
        fn workspace(&self) -> Option<String>;
        /// Answers with a redirection to another page of this site.
        fn redirect(&self, path: &str);
        /// Sets the status of the response.
        fn set_status(&self, status: u16);
    }

    fn exchange() -> Option<Arc<dyn Exchange>> {
        use_context()
    }

    pub fn prepare() {}

    pub fn mark_hydrated() {}

    pub fn sign_in() {}

    pub fn reload() {}

    pub async fn is_outdated() -> bool {
        false
    }

    pub fn visit(_to: &str) {}

    pub fn replace(_to: &str) {}

    /// A title as the document is to have it: the framework writes it between its tags as it is, and names in it are
    /// whatever people have typed.
    pub fn document_title(title: String) -> String {
        title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    }

    /// The workspace's name.
    pub fn workspace() -> Option<String> {
        exchange()?.workspace()
    }

    pub fn done_message(_event: &leptos::ev::SubmitEvent) -> Option<String> {
        None
    }

    pub fn copy_field(_id: &str) -> bool {
        false
    }

    pub fn copy(_event: &leptos::ev::MouseEvent) -> bool {
        false
    }

    /// The theme chosen on this device, if any: `light` or `dark`.
    pub fn theme() -> Option<String> {
        exchange()?.theme()
    }

    /// The values of a form that the server refused without scripts, by its fields' names.
    pub fn form_values() -> BTreeMap<String, String> {
        exchange().map(|exchange| exchange.take_form_values()).unwrap_or_default()
    }

    pub fn choose_theme(_theme: Option<&str>) {}

    /// The choices for the conversation list on this device.
    pub fn list_preferences() -> ListPreferences {
        let kept = exchange().and_then(|exchange| exchange.list_preferences());
        kept.as_deref().map(ListPreferences::parse).unwrap_or_default()
    }

    pub fn keep_list_preferences(_preferences: ListPreferences) {}

    pub fn is_one_pane() -> bool {
        false
    }

    pub fn has_fine_pointer() -> bool {
        false
    }

    pub fn focus(_id: &str) {}

    pub fn focus_soon(_id: &str) {}

    pub fn field_value(_id: &str) -> Option<String> {
        None
    }

    pub fn has_focus(_id: &str) -> bool {
        false
    }

    pub fn reveal(_id: &str) {}

    pub fn fit_height(_area: &HtmlTextAreaElement) {}

    pub fn focus_page() {}

    pub fn set_height(_element: &Element, _height: f64) {}

    /// Answers with the status of a page that does not exist.
    pub fn answer_not_found() {
        set_status(404);
    }

    /// Answers with the status of a page that cannot be rendered at present.
    pub fn answer_failed() {
        set_status(503);
    }

    /// Answers with a redirection to another page.
    pub fn answer_elsewhere(to: &str) {
        if let Some(exchange) = exchange() {
            exchange.redirect(to);
        }
    }

    fn set_status(status: u16) {
        if let Some(exchange) = exchange() {
            exchange.set_status(status);
        }
    }
}

pub mod scroller {
    use crate::client::ScrollHandlers;
    use leptos::web_sys::Element;

    pub struct Scroller;

    impl Scroller {
        pub fn new(_pane: &Element, _content: &Element, _rows: &Element, _handlers: Box<dyn ScrollHandlers>) -> Self {
            Scroller
        }

        pub fn has_moved(&self) -> bool {
            false
        }

        pub fn settle_soon(&self) {}

        pub fn is_shown(&self) -> bool {
            false
        }

        pub fn show(&self, _row: usize, _offset: i32) {}

        pub fn to_start(&self) {}

        pub fn to_end(&self) {}
    }
}

pub mod list_scroll {
    use leptos::web_sys::Element;

    pub struct ListWatch;

    impl ListWatch {
        pub fn new(_list: &Element, _update: impl Fn() + 'static) -> Self {
            ListWatch
        }
    }

    pub fn unread_out_of_view(_list: &Element) -> (usize, usize) {
        (0, 0)
    }

    pub fn go_to_unread(_list: &Element, _below: bool) {}

    pub fn is_out_of_view(_list: &Element, _id: &str) -> bool {
        false
    }

    pub fn scroll_to(_list: &Element, _id: &str) {}
}

pub mod server_html {
    use crate::model::{Error, Presence, SortedMap, SortedSet, UserId};
    use leptos::web_sys::Element;

    pub fn people(_root: &Element) -> SortedSet<UserId> {
        SortedSet::new()
    }

    pub fn show_presence(_root: &Element, _presences: &SortedMap<UserId, Presence>) {}

    pub fn show_field_problems(_root: &Element, _error: &Error) {}

    pub fn is_busy(_root: &Element) -> bool {
        false
    }

    pub fn focused_id(_root: &Element) -> Option<String> {
        None
    }

    pub fn restore_focus(_id: &str) {}
}

pub mod page_events {
    use leptos::prelude::Signal;

    pub fn focus() -> Signal<bool> {
        Signal::stored(false)
    }

    pub fn start(_chat: crate::client::Chat) {}
}

pub mod socket {
    use crate::client::Chat;
    use crate::wire::ClientFrame;

    pub fn connect(_chat: Chat) {}

    pub fn disconnect() {}

    pub fn send(_frame: &ClientFrame) {}
}

pub mod storage {
    use crate::model::{ConversationId, MessageId, SortedSet, UserId};
    use crate::sync::{Operation, TabId};

    pub fn store(_operation: &Operation) -> bool {
        true
    }

    pub fn remove(_user: UserId, _id: MessageId) {}

    pub fn outbox(_user: UserId) -> Vec<Operation> {
        Vec::new()
    }

    pub fn remove_tab(_tab: TabId) {}

    pub fn draft(_user: UserId, _conversation: ConversationId) -> String {
        String::new()
    }

    pub fn drafts(_user: UserId) -> SortedSet<ConversationId> {
        SortedSet::new()
    }

    pub fn is_draft(_text: &str) -> bool {
        false
    }

    pub fn keep_draft(_user: UserId, _conversation: ConversationId, _text: &str) {}

    pub fn clear(_user: UserId) {}
}

pub mod tabs {
    pub fn watch(_chat: crate::client::Chat) {}
}

pub mod text {
    use unicode_normalization::char::decompose_canonical;

    pub fn decompose(c: char, give: &mut dyn FnMut(char)) {
        decompose_canonical(c, give);
    }
}

pub mod timer {
    pub fn wake(_chat: crate::client::Chat, _at: u64) {}
}

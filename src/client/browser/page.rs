//! The page as a whole: navigation, theme, focus, and the banner after a panic.

use crate::client::ListPreferences;
use crate::model::Route;
use gloo_net::http::{Method, RequestBuilder};
use leptos::prelude::{document, window};
use leptos::web_sys::Element;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlElement;

/// How long a choice is kept on this device: a year, in seconds.
const YEAR: u32 = 31_536_000;

/// Sets up what has to exist before the first view.
pub fn prepare() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show_broken_banner();
    }));
    let _ = server_fn::redirect::set_redirect_hook(follow);
}

/// Marks the page as hydrated, for tests.
pub fn mark_hydrated() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "true");
    }
}

/// The page that the address names.
pub fn route() -> Route {
    Route::at(&window().location().pathname().unwrap_or_default())
}

/// Goes to the sign-in page, and from there back here.
pub fn sign_in() {
    let location = window().location();
    let path = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    let next = js_sys::encode_uri_component(&path);
    go(&format!("/sign-in?next={next}"));
}

/// Reloads this page.
pub fn reload() {
    // Refused only while the page is being left already.
    let _ = window().location().reload();
}

/// Whether the server no longer has the files of this page's build. False while the server does not answer.
pub async fn is_outdated() -> bool {
    let script = document().get_element_by_id("client").and_then(|link| link.get_attribute("href"));
    let Some(script) = script else { return false };
    // Past the browser's cache, which keeps the files of a build for good.
    let request = RequestBuilder::new(&script).method(Method::HEAD).cache(web_sys::RequestCache::NoStore);
    request.send().await.is_ok_and(|response| response.status() == 404)
}

/// The theme chosen on this device, if any: `light` or `dark`.
pub fn theme() -> Option<String> {
    chosen("theme")
}

/// The choices for the conversation list on this device.
pub fn list_preferences() -> ListPreferences {
    chosen("list").as_deref().map(ListPreferences::parse).unwrap_or_default()
}

/// What is chosen on this device. The server has put it from its cookie into the page: the first view must be rendered
/// from the same choices, even if another tab has changed the cookie since.
fn chosen(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(&format!("data-{name}"))
}

/// Nothing: the fields themselves keep their values. Only a page without scripts gets them from the server.
pub fn form_values() -> BTreeMap<String, String> {
    BTreeMap::new()
}

/// Chooses a theme; `None` follows the device.
pub fn choose_theme(theme: Option<&str>) {
    choose("theme", theme);
}

/// Keeps the choices for the conversation list.
pub fn keep_list_preferences(preferences: ListPreferences) {
    choose("list", Some(preferences.text()).filter(|text| !text.is_empty()).as_deref());
}

/// Keeps a choice on this device. The server reads the cookie, so the next page has it from the start.
fn choose(name: &str, value: Option<&str>) {
    let document = document();
    if let Some(root) = document.document_element() {
        let attribute = format!("data-{name}");
        let _ = match value {
            Some(value) => root.set_attribute(&attribute, value),
            None => root.remove_attribute(&attribute),
        };
    }
    let cookie = match value {
        Some(value) => format!("{name}={value}; path=/; max-age={YEAR}; samesite=lax"),
        None => format!("{name}=; path=/; max-age=0; samesite=lax"),
    };
    let _ = document.unchecked_into::<web_sys::HtmlDocument>().set_cookie(&cookie);
}

/// Whether the reader points with a mouse, so that focus does not open a keyboard over half of the page.
pub fn has_fine_pointer() -> bool {
    window().match_media("(hover: hover) and (pointer: fine)").ok().flatten().is_some_and(|query| query.matches())
}

/// Whether the page is so narrow that the conversation list is a page of its own (see `style/layout.css`).
pub fn is_one_pane() -> bool {
    window().match_media("(max-width: 700px)").ok().flatten().is_some_and(|query| query.matches())
}

/// Moves the focus to an element.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // Refused only for an element that has been removed.
        let _ = element.focus();
    }
}

/// The same after the next render.
pub fn focus_soon(id: &str) {
    let id = id.to_owned();
    leptos::prelude::request_animation_frame(move || focus(&id));
}

/// What was typed into a field, if there is something in it.
pub fn field_value(id: &str) -> Option<String> {
    let field = document().get_element_by_id(id)?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
    Some(field.value()).filter(|value| !value.is_empty())
}

/// Whether an element has the focus.
pub fn has_focus(id: &str) -> bool {
    document().active_element().is_some_and(|element| element.id() == id)
}

/// Scrolls an element into view, as little as it takes.
pub fn reveal(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Makes a text area as high as its text, up to its `max-height`.
pub fn fit_height(area: &web_sys::HtmlTextAreaElement) {
    let style = area.unchecked_ref::<HtmlElement>().style();
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", area.scroll_height()));
}

/// Moves the focus into the page's main part before the next frame, if it is in the sidebar or nowhere.
pub fn focus_page() {
    leptos::prelude::request_animation_frame(|| {
        let is_within = |active: &Element, selector| active.closest(selector).ok().flatten().is_some();
        let stays = |active: &Element| is_within(active, "body *") && !is_within(active, ".side, .skip-link");
        if let Some(main) = document().get_element_by_id("main")
            && !document().active_element().as_ref().is_some_and(stays)
        {
            focus_without_scrolling(&main);
        }
    });
}

/// Focuses an element where it is.
pub fn focus_without_scrolling(element: &Element) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.unchecked_ref::<HtmlElement>().focus_with_options(&options);
}

/// Makes an element this high (pixels).
pub fn set_height(element: &Element, height: f64) {
    let _ = element.unchecked_ref::<HtmlElement>().style().set_property("height", &format!("{height}px"));
}

/// Sets the status of the response on the server; here there is none.
pub fn answer_not_found() {}

/// The same, for a page that failed to load.
pub fn answer_failed() {}

/// The same, for a page that leads to another one at once.
pub fn answer_elsewhere(_to: &str) {}

/// The message that a submitted form shows when it is done.
pub fn done_message(event: &leptos::ev::SubmitEvent) -> Option<String> {
    event.target()?.dyn_into::<Element>().ok()?.get_attribute("data-done")
}

/// Copies the field that a copy button names, if the clicked element is one.
pub fn copy(event: &leptos::ev::MouseEvent) -> bool {
    let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    button.and_then(|button| button.get_attribute("data-copy")).is_some_and(|id| copy_field(&id))
}

/// Copies what stands in a field. Uses the old command: `navigator.clipboard` needs a secure context, which a plain local
/// network is not.
pub fn copy_field(id: &str) -> bool {
    let field = document().get_element_by_id(id).and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(field) = field else { return false };
    field.select();
    document().unchecked_into::<web_sys::HtmlDocument>().exec_command("copy").unwrap_or(false)
}

/// Follows a redirect of the server. Signing in and out change everything that the page holds: then it is reloaded.
fn follow(to: &str) {
    let here = window().location().pathname().unwrap_or_default();
    let afresh = |path: &str| path.starts_with("/sign-in") || path.starts_with("/register");
    if afresh(to) || afresh(&here) || !to.starts_with('/') {
        return go(to);
    }
    visit(to);
}

/// Navigates to another page of this site without loading it: the router follows the address. Nothing happens on that page
/// itself.
pub fn visit(to: &str) {
    let location = window().location();
    let here = location.pathname().and_then(|path| Ok(path + &location.search()?));
    if here.is_ok_and(|here| here == to) {
        return;
    }
    let shown = window().history().and_then(|history| {
        history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(to))?;
        window().dispatch_event(&web_sys::Event::new("popstate")?)
    });
    if shown.is_err() {
        go(to);
    }
}

/// Navigates to another page in place of this one, which "Back" then passes over.
pub fn replace(to: &str) {
    let shown = window().history().and_then(|history| {
        history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(to))?;
        window().dispatch_event(&web_sys::Event::new("popstate")?)
    });
    if shown.is_err() {
        let _ = window().location().replace(to);
    }
}

/// A title as the document is to have it.
pub fn document_title(title: String) -> String {
    title
}

/// The workspace's name, as the server put it into the document.
pub fn workspace() -> Option<String> {
    let name = document().query_selector("meta[name=application-name]").ok().flatten()?;
    name.get_attribute("content")
}

fn go(to: &str) {
    let _ = window().location().assign(to);
}

/// Uses bare DOM elements: after a panic the views are in an unknown state.
fn show_broken_banner() {
    let document = document();
    if document.get_element_by_id("broken").is_some() {
        return;
    }
    let make = |name: &str, class: &str, text: &str| -> Option<Element> {
        let element = document.create_element(name).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        Some(element)
    };
    let Some((banner, button)) =
        make("div", "broken", "Something broke on this page. ").zip(make("button", "button s", "Reload"))
    else {
        return;
    };
    banner.set_id("broken");
    let _ = banner.set_attribute("role", "alert");
    let on_click = Closure::<dyn Fn()>::new(reload);
    let _ = button.add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref());
    on_click.forget();
    let _ = banner.append_child(&button);
    if let Some(body) = document.body() {
        let _ = body.append_child(&banner);
    }
}

//! `docs/protocol.md` against the code: its tables name every path, frame, field and word that there is and no other,
//! its examples are frames and answers as the program reads and writes them, and its bounds are the program's.

use hubbub::model::{Error, PersonPage, RoomPage, conversation, device, invitation, message, page, room, user};
use hubbub::server::middleware::PUBLIC_PATHS;
use hubbub::server::router;
use hubbub::wire::{self, ClientFrame, ServerFrame};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const PAGE: &str = "docs/protocol.md";

/// One table of the page.
#[derive(Debug)]
struct Table {
    /// The heading above it, without its marks.
    heading: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

fn text() -> String {
    fs::read_to_string(PAGE).unwrap()
}

fn cells(line: &str) -> Vec<String> {
    let row = line.trim().trim_start_matches('|').trim_end_matches('|');
    row.split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn tables() -> Vec<Table> {
    let (mut tables, mut heading, mut in_table) = (Vec::new(), String::new(), false);
    for line in text().lines() {
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim().to_owned();
        }
        if !line.starts_with('|') {
            in_table = false;
        } else if !in_table {
            in_table = true;
            tables.push(Table { heading: heading.clone(), columns: cells(line), rows: Vec::new() });
        } else if !line.starts_with("| ---") {
            let table: &mut Table = tables.last_mut().unwrap();
            let row = cells(line);
            assert_eq!(row.len(), table.columns.len(), "in \"{heading}\": {line}");
            table.rows.push(row);
        }
    }
    tables
}

/// What stands in backticks in a cell; with a `?` if one follows.
fn names(cell: &str) -> Vec<String> {
    let parts: Vec<&str> = cell.split('`').collect();
    assert_eq!(parts.len() % 2, 1, "an odd number of backticks: {cell}");
    let optional = |at: usize| parts[at + 1].starts_with('?');
    (1..parts.len()).step_by(2).map(|at| format!("{}{}", parts[at], if optional(at) { "?" } else { "" })).collect()
}

/// The words of the page's tables whose first column has this name, each with what its `fields` column lists.
fn listed(first_column: &str, heading: Option<&str>) -> BTreeMap<String, BTreeSet<String>> {
    let mut words = BTreeMap::new();
    for table in tables() {
        if table.columns[0] != first_column || heading.is_some_and(|heading| table.heading != heading) {
            continue;
        }
        for row in &table.rows {
            let word = names(&row[0]).pop().unwrap_or_else(|| row[0].clone());
            let fields = table.column("fields").map(|column| names(&row[column])).unwrap_or_default();
            let before = words.insert(word.clone(), fields.into_iter().collect());
            assert!(before.is_none(), "{word} is twice in the tables of \"{first_column}\"");
        }
    }
    assert!(!words.is_empty(), "no table begins with \"{first_column}\" {heading:?}");
    words
}

// ---------------------------------------------------------------------------------------------------------------- Rust

/// A source file without comments and tests.
fn source(path: &str) -> String {
    let text = fs::read_to_string(Path::new("src").join(path)).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// What stands between the first `open` at or after `from` and the bracket that closes it.
fn inside(code: &str, from: usize, open: char, close: char) -> &str {
    let start = from + code[from..].find(open).unwrap() + 1;
    let mut depth = 1;
    for (at, c) in code[start..].char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
        }
        if depth == 0 {
            return &code[start..start + at];
        }
    }
    panic!("{open} is not closed: {}", &code[from..from + 60]);
}

/// The parts between commas that are in no bracket.
fn split(code: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in code.chars() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(c);
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// An item's attributes, and the item without them.
fn without_attributes(mut item: &str) -> (String, &str) {
    let mut attributes = String::new();
    while item.starts_with("#[") {
        let attribute = inside(item, 0, '[', ']');
        attributes += attribute;
        item = item[attribute.len() + 3..].trim_start();
    }
    (attributes, item)
}

/// The names of fields, with a `?` where they may be left out.
fn fields(code: &str) -> BTreeSet<String> {
    let field = |part: &String| {
        let (attributes, rest) = without_attributes(part);
        let (name, _) = rest.trim_start_matches("pub ").split_once(':').unwrap();
        let optional = attributes.contains("skip_serializing_if");
        format!("{}{}", name.trim(), if optional { "?" } else { "" })
    };
    split(code).iter().map(field).collect()
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

/// The words of an enum that serde writes in snake case, with the fields of its variants. The one that stands for
/// words of another release is none of them.
fn variants(path: &str, name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let code = source(path);
    let at = code.find(&format!("pub enum {name} {{")).unwrap_or_else(|| panic!("no enum {name} in {path}"));
    let mut variants = BTreeMap::new();
    for part in split(inside(&code, at, '{', '}')) {
        let (attributes, variant) = without_attributes(&part);
        if attributes.contains("serde(other)") {
            continue;
        }
        let end = variant.find(|c: char| !c.is_alphanumeric()).unwrap_or(variant.len());
        let inner = if variant[end..].contains('{') { fields(inside(variant, end, '{', '}')) } else { BTreeSet::new() };
        variants.insert(snake(&variant[..end]), inner);
    }
    variants
}

/// The words of an enum that `string_enum!` writes.
fn words(path: &str, name: &str) -> BTreeSet<String> {
    let code = source(path);
    let at = code.find(&format!("string_enum!({name} {{")).unwrap_or_else(|| panic!("no words of {name} in {path}"));
    let quoted = inside(&code, at, '{', '}').split('"').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

fn structure(path: &str, name: &str) -> BTreeSet<String> {
    let code = source(path);
    let plain = format!("pub struct {name} {{");
    let generic = format!("pub struct {name}<T> {{");
    let at = code.find(&plain).or_else(|| code.find(&generic)).unwrap_or_else(|| panic!("no {name} in {path}"));
    fields(inside(&code, at, '{', '}'))
}

/// The server functions with their arguments: those that may be left out with a `?`.
fn functions() -> BTreeMap<String, BTreeSet<String>> {
    let mut functions = BTreeMap::new();
    for entry in fs::read_dir("src/api").unwrap() {
        let code = source(&format!("api/{}", entry.unwrap().file_name().to_str().unwrap()));
        for (at, _) in code.match_indices("#[server(prefix") {
            let endpoint = inside(&code, at, '(', ')').split('"').nth(3).unwrap();
            let function = at + code[at..].find("pub async fn").unwrap();
            let argument = |part: &String| {
                let (attributes, rest) = without_attributes(part);
                let (name, kind) = rest.split_once(':').unwrap();
                let optional = attributes.contains("server(default)") || kind.trim().starts_with("Option<");
                format!("{name}{}", if optional { "?" } else { "" })
            };
            let arguments = split(inside(&code, function, '(', ')')).iter().map(argument).collect();
            functions.insert(format!("/api/{endpoint}"), arguments);
        }
    }
    functions
}

// --------------------------------------------------------------------------------------------------------------- Tests

fn keys<V>(map: &BTreeMap<String, V>) -> BTreeSet<String> {
    map.keys().cloned().collect()
}

/// Both name the same things, and the same fields of each.
fn compare(what: &str, page: &BTreeMap<String, BTreeSet<String>>, code: &BTreeMap<String, BTreeSet<String>>) {
    compare_names(what, &keys(page), &keys(code));
    for (name, fields) in code {
        compare_names(&format!("fields of {name}"), &page[name], fields);
    }
}

fn compare_names(what: &str, page: &BTreeSet<String>, code: &BTreeSet<String>) {
    let missing: Vec<_> = code.difference(page).collect();
    let surplus: Vec<_> = page.difference(code).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "{what}: the page lacks {missing:?} and has {surplus:?}");
}

#[test]
fn every_path_is_on_the_page_with_its_fields_and_no_other_is() {
    let functions = functions();
    assert!(functions.len() > 20, "the server functions were not found: {functions:?}");
    let fields = |path: String| (path.clone(), functions.get(&path).cloned().unwrap_or_default());
    compare("paths", &listed("path", None), &router::paths().into_iter().map(fields).collect());
}

#[test]
fn the_paths_that_need_no_session_are_those_for_anyone() {
    let rows = tables().into_iter().filter(|table| table.columns[0] == "path").flat_map(|table| {
        let who = table.column("who").unwrap();
        table.rows.into_iter().filter(move |row| row[who] == "anyone")
    });
    let open: BTreeSet<String> = rows.map(|row| names(&row[0]).remove(0)).collect();
    compare_names("paths for anyone", &open, &PUBLIC_PATHS.iter().map(|path| (*path).to_owned()).collect());
}

#[test]
fn every_frame_is_on_the_page_with_its_fields_and_no_other_is() {
    let from_client = variants("wire/client_frame.rs", "ClientFrame");
    let from_server = variants("wire/server_frame.rs", "ServerFrame");
    compare("frames from the client", &listed("type", Some("From the client")), &from_client);
    compare("frames from the server", &listed("type", Some("From the server")), &from_server);
    let all = from_client.values().chain(from_server.values()).flatten();
    let all: BTreeSet<String> = all.map(|field| field.trim_end_matches('?').to_owned()).collect();
    compare_names("fields of frames", &keys(&listed("field", Some("Fields of frames"))), &all);
    compare_names("anchors", &keys(&listed("anchor", None)), &keys(&variants("wire/client_frame.rs", "Anchor")));
}

#[test]
fn every_object_is_on_the_page_with_its_fields() {
    for (heading, path, name) in [
        ("Initial state", "model/initial_state.rs", "InitialState"),
        ("Conversation summary", "model/conversation.rs", "ConversationSummary"),
        ("Read position", "model/conversation.rs", "ReadPosition"),
        ("Conversation", "model/conversation.rs", "Conversation"),
        ("Member", "model/conversation.rs", "Member"),
        ("Message", "model/message.rs", "Message"),
        ("Rows", "model/conversation.rs", "Rows"),
        ("Window", "model/conversation.rs", "Window"),
        ("Opened conversation", "model/initial_state.rs", "OpenedConversation"),
        ("Person", "model/user.rs", "Person"),
        ("Me", "model/user.rs", "Me"),
        ("Presence", "model/presence.rs", "Presence"),
        ("Server status", "model/server.rs", "ServerStatus"),
        ("Pages of lists", "model/page.rs", "Page"),
        ("Room", "model/page.rs", "Room"),
        ("Room details", "model/room.rs", "RoomDetails"),
        ("Devices", "model/device.rs", "Devices"),
        ("Device", "model/device.rs", "Device"),
        ("Accounts", "model/account.rs", "Accounts"),
        ("Account entry", "model/account.rs", "AccountEntry"),
        ("Invitations", "model/invitation.rs", "Invitations"),
        ("Invitation", "model/invitation.rs", "Invitation"),
        ("Errors", "model/error.rs", "Error"),
    ] {
        compare_names(heading, &keys(&listed("field", Some(heading))), &structure(path, name));
    }
}

#[test]
fn every_word_of_every_enum_is_on_the_page_and_no_other_is() {
    for (column, path, name) in [
        ("kind", "model/conversation.rs", "ConversationKind"),
        ("member state", "model/conversation.rs", "MemberState"),
        ("presence state", "model/presence.rs", "PresenceState"),
        ("role", "model/user.rs", "Role"),
        ("code", "model/error.rs", "Code"),
        ("form field", "model/error.rs", "Field"),
    ] {
        compare_names(column, &keys(&listed(column, None)), &words(path, name));
    }
    for (column, path, name) in [
        ("account state", "model/account.rs", "UserState"),
        ("invitation state", "model/invitation.rs", "InvitationState"),
        ("admission", "model/registration.rs", "Admission"),
    ] {
        compare_names(column, &keys(&listed(column, None)), &keys(&variants(path, name)));
    }
    compare("invite links", &listed("invite link", None), &variants("model/invitation.rs", "InviteLink"));
    compare("content types", &listed("content type", None), &variants("model/message.rs", "Content"));
    compare("notice types", &listed("notice type", None), &variants("model/message.rs", "Notice"));
}

#[test]
fn every_close_code_is_on_the_page_and_no_other_is() {
    let code = source("wire/close.rs");
    let values = code.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once("= "));
    let values: BTreeSet<String> = values.map(|(_, value)| value.trim_end_matches(';').to_owned()).collect();
    compare_names("close codes", &keys(&listed("close code", None)), &values);
}

#[test]
fn the_http_status_of_every_error_code_is_the_one_on_the_page() {
    let table = tables().into_iter().find(|table| table.columns[0] == "code").unwrap();
    for row in &table.rows {
        let word = names(&row[0]).pop().unwrap();
        let error: Error = serde_json::from_value(serde_json::json!({ "code": word, "message": "" })).unwrap();
        assert_eq!(row[1], hubbub::server::middleware::status(&error).as_u16().to_string(), "{word}");
    }
}

/// A number as the page writes it: 8,000.
fn grouped(number: u64) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", grouped(number / 1_000), number % 1_000) }
}

#[test]
fn the_bounds_on_the_page_are_those_of_the_program() {
    let kibibytes = |bytes: usize| format!("{} KiB", bytes / 1024);
    let number = |number: usize| grouped(number as u64);
    let table = tables().into_iter().find(|table| table.heading == "Bounds").unwrap();
    for (what, limits) in [
        ("a text", vec![number(message::BODY_MAX)]),
        ("a frame from a client", vec![kibibytes(wire::FRAME_MAX)]),
        ("a room's name", vec![number(room::NAME_MAX)]),
        ("a topic", vec![number(room::TOPIC_MAX)]),
        ("rooms that one user owns", vec![grouped(room::OWNED_ROOMS_MAX as u64)]),
        ("conversations of one user", vec![grouped(conversation::CONVERSATIONS_MAX as u64)]),
        ("messages in a window", vec![number(conversation::WINDOW_MAX), kibibytes(conversation::BYTES_MAX)]),
        ("rows in `changes`", vec![number(conversation::CHANGES_MAX), kibibytes(conversation::BYTES_MAX)]),
        ("rows in a page of a list", vec![number(page::PAGE), number(invitation::INVITATIONS_PAGE)]),
        ("users watched by one connection", vec![number(wire::WATCH_MAX)]),
        ("an `echo`", vec![number(wire::ECHO_MAX)]),
        ("open invitations of one user", vec![grouped(invitation::OPEN_MAX as u64)]),
        ("live connections of one user", vec![number(hubbub::server::hub::CONNECTIONS_PER_USER)]),
        ("silence of a client", vec![format!("{} s", wire::SILENCE_MAX / 1_000)]),
    ] {
        let row = table.rows.iter().find(|row| row[0] == what).unwrap_or_else(|| panic!("no bound of {what}"));
        for limit in limits {
            let is_there = row[1].split([' ', ',', ';', '–']).any(|word| word == limit) || row[1].contains(&limit);
            assert!(is_there, "{what}: {} instead of {limit}", row[1]);
        }
    }
    let page = text();
    for sentence in [
        format!("up to {} sessions of the user", device::DEVICES_MAX),
        format!("A username has {}–{} letters", user::USERNAME_MIN, user::USERNAME_MAX),
        format!("names have 1–{} characters", user::NAME_MAX),
        format!("up to {} bytes and is unique", user::EMAIL_MAX),
        format!("This is version {}.", wire::PROTOCOL),
        format!("Send something at least every {} s", wire::HEARTBEAT / 1_000),
        format!("Send at most every {} s", wire::TYPING_EVERY / 1_000),
        format!("is typing: for {} s", wire::TYPING_FOR / 1_000),
    ] {
        assert!(page.contains(&sentence), "{sentence}");
    }
}

/// The examples: the words after `json`, and the lines.
fn examples() -> Vec<(String, Vec<String>)> {
    let page = text();
    let fences = page.split("```").skip(1).step_by(2);
    let json = fences.filter_map(|fence| fence.strip_prefix("json"));
    json.map(|fence| {
        let (label, lines) = fence.split_once('\n').unwrap();
        (label.trim().to_owned(), lines.lines().map(str::to_owned).collect())
    })
    .collect()
}

/// Reads an example as this type; it must be written again as it stands, with every field.
fn reads_as<T: DeserializeOwned + Serialize>(line: &str) -> bool {
    serde_json::from_str::<T>(line).is_ok_and(|read| is_written(&read, line))
}

fn is_written(read: &impl Serialize, line: &str) -> bool {
    serde_json::to_value(read).unwrap() == serde_json::from_str::<Value>(line).unwrap()
}

/// The same, of a frame from the server.
fn reads_as_server_frame(line: &str) -> bool {
    ServerFrame::decode(line).is_ok_and(|frame| is_written(&frame, line))
}

#[test]
fn every_example_is_what_the_program_reads_and_writes() {
    let examples = examples();
    assert!(examples.len() >= 6, "{examples:?}");
    for (label, lines) in examples {
        for line in lines {
            let fits = match label.as_str() {
                "" => reads_as::<ClientFrame>(&line) || reads_as_server_frame(&line),
                "browse-rooms" => reads_as::<RoomPage>(&line),
                "list-people" | "list-members" => reads_as::<PersonPage>(&line),
                "error" => reads_as::<Error>(&line),
                other => panic!("an example of {other}"),
            };
            assert!(fits, "{label}: {line}");
        }
    }
}

#[test]
fn every_link_within_the_page_leads_to_one_of_its_headings() {
    let page = text();
    let headings = page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchors: BTreeSet<String> = headings.map(|heading| heading.to_lowercase().replace(' ', "-")).collect();
    for link in page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(anchors.contains(link), "#{link}");
    }
}

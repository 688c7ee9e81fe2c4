//! The twenty people of the demo.

use super::texts::Language;

/// Somebody of the demo.
#[derive(Debug)]
pub struct DemoPerson {
    pub username: &'static str,
    pub first_name: &'static str,
    pub last_name: &'static str,
    /// How much they write in relation to the others.
    pub activity: usize,
    /// The language of their messages that are not in English.
    pub language: Option<Language>,
}

const fn person(
    username: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    activity: usize,
    language: Option<Language>,
) -> DemoPerson {
    DemoPerson { username, first_name, last_name, activity, language }
}

/// In the order of their accounts: the first is the owner.
pub const PEOPLE: [DemoPerson; 20] = [
    person("marta", "Marta", "Lindqvist", 90, None),
    person("tom", "Tom", "Okafor", 100, None),
    person("ines", "Inês", "Carvalho", 70, None),
    person("yusuf", "يوسف", "الحداد", 40, Some(Language::Arabic)),
    person("eleni", "Ελένη", "Παπαδοπούλου", 45, Some(Language::Greek)),
    person("haruka", "遥", "佐藤", 35, Some(Language::Japanese)),
    person("jan", "Jan", "de Vries", 60, None),
    person("noa", "נועה", "ברק", 30, Some(Language::Hebrew)),
    person("grace", "Grace", "Mbeki", 55, None),
    person("liam", "Liam", "O’Connell", 45, None),
    person("maximiliane", "Maximiliane-Theodora", "von Hohenfels-Wittgenau zu Altenbruck", 12, None),
    person("siobhan", "Siobhán", "Ní Dhomhnaill", 35, None),
    person("olena", "Олена", "Ткаченко", 25, Some(Language::Ukrainian)),
    person("priya", "Priya", "Raghunathan", 50, None),
    person("bjorn", "Bjørn", "Ås", 20, None),
    person("wei", "Wei", "Chen", 30, None),
    person("fatima", "Fatima Zahra", "El Amrani", 28, Some(Language::Arabic)),
    person("subbu", "Subramaniam", "Krishnamoorthy Venkateswaran", 10, None),
    person("zoe.adair", "Zoë 🌊", "Adair", 18, None),
    person("pete", "Pete", "Blackwood", 2, None),
];

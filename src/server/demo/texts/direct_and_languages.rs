//! Texts of direct conversations, and of the room about languages.

use super::Exchange::Dialogue;
use super::{Subject, group};

pub const DIRECT: Subject = Subject {
    things: &["the key", "your drill", "the book", "my jacket", "the invoice", "the ladder", "the red toolbox"],
    places: &["the café", "the gate", "my place", "the bus stop", "the quay", "the market"],
    exchanges: &[
        Dialogue(&[
            "Are you at the harbour on {day}?",
            "{Yes, from {time} on.|I think so. Why?|Only after {time}.}",
            "{Could you have a look at {boat}?|Then I bring you {thing}.|Coffee?}",
            "{Of course.|With pleasure!|Gladly. At {place}?}",
            "{Perfect, see you there.|Thanks, you are a star.|Great 🙂}",
        ]),
        Dialogue(&[
            "Do you still have {thing}?",
            "{I left it at {place}.|It is in my car.|Yes! Since {day}, I am sorry.}",
            "{No hurry at all.|Could I have it back on {day}?|Keep it, I only wondered.}",
            "{I bring it along at {time}.|Thank you 🙏|Are you sure?}",
            "👍",
        ]),
        Dialogue(&[
            "Shall we meet at {place} at {time}?",
            "{Yes!|A little later? I am still at work.|Rather on {day}, if that is all right.}",
            "{Fine with me.|Good, I wait.|Then I bring {thing} as well.}",
            "{On my way.|See you!|Perfect.}",
        ]),
        Dialogue(&[
            "{Have you got a minute?|Can you {call me|ring me back} when you are free?}",
            "{In ten minutes?|On the bus just now, will call after.|Sure. What is it about?}",
            "{Nothing bad. {boat}.|The rota for {day}.|I tell you then 😄}",
            "{Calling you now.|Ah. That again.|I am all ears.}",
        ]),
        Dialogue(&[
            "Could you cover for me on {day}? {I am at the dentist's.|My sister visits.|The boiler again.}",
            "{Of course, from {time}.|If you take mine the week after.|I am away as well, ask {Tom|Grace|Marta}.}",
            "{You save my life.|Deal.|Will do, thank you.}",
            "{Get well!|Any time.|Greetings to her.}",
        ]),
        Dialogue(&[
            "How did it go{| on {day}}?",
            "{Better than I feared.|Well… *mostly* good.|Long story. Over a coffee?}",
            "{I am glad!|Tell me everything.|{place}, {time}?}",
            "{Thank you for asking ❤️|I will.|You pay.}",
        ]),
        Dialogue(&[
            "Thank you for {yesterday|your help with {boat}|{day}}, that was kind of you.",
            "{Do not mention it!|It was fun, actually.|Any time.}",
            "{I owe you {a coffee|cake|one}.|It really was.}",
            "{I remind you of that 😉|🙂}",
        ]),
        Dialogue(&[
            "I have been thinking about {boat}. {Would you sell her?|She needs a new engine, does she not?|Shall we share her?}",
            "{She needs everything. But look at her.|Ask me again in spring.|Are you serious?}",
            "{I am.|That is what I like about her.|Think about it.}",
            "{Let us talk on {day}.|Give me until {day}.|You are mad. I like it.}",
        ]),
        Dialogue(&[
            "Between us: I am not sure about {the date of the open day|the new pontoon|the plan for {day}}.",
            "{Me neither.|Why not?|I had the same thought.}",
            "{Shall we say something?|It is too early, I find.|It costs too much.}",
            "{On {day}, together.|You begin, I nod.|Let us wait and see.}",
        ]),
        Dialogue(&[
            "Congratulations! I just heard 🎉",
            "Thank you!! I still cannot quite believe it.",
            "{We must celebrate.|When do you begin?|You deserve it.}",
            "{{day}, {time}, {place}!|In {few} weeks already.|You are too kind.}",
        ]),
        Dialogue(&[
            "Here is the link that I spoke of: {link}",
            "{Got it.|Thank you, saved.|Will read it tonight.}",
            "{Page {number} is the one.|Tell me what you think.}",
            "{Very good. I pass it on.|I like it.|Not convinced, but it is well written.}",
        ]),
        Dialogue(&[
            "I wrote it down, have a look whether it is right:\n\n> We meet at {place} on {day} at {time}, with {few} people and the small trailer.",
            "{Looks right to me.|{few}? I counted one more.|The *big* trailer, please.}",
            "{Thanks, then I send it.|Changed.}",
        ]),
        Dialogue(&[
            "For you, before I forget:\n\n- {thing}\n- the code for the shed (I tell you in person)\n- greetings from {day}'s crew",
            "{Thank you! Greetings back.|I had forgotten all three.}",
            "{That is why I write lists.|🙂}",
        ]),
    ],
};

pub const LANGUAGES: Subject = Subject {
    things: &["a proverb", "a song", "a menu", "a letter", "a sign at the gate"],
    places: &["the café", "the upper room", "the library"],
    exchanges: &[
        group(
            &[
                "How do you say “{word}” in {language}?",
                "What is “{word}” in {language}? {I need it for a sign.|My neighbour asks.}",
            ],
            &[
                "{translated}",
                "In {language}: **{translated}**.",
                "{translated}! I know that one from the ferry.",
                "My son has it in his exercise book: {translated}, {translated}, {translated}…",
                "In English “{word}”, in {language} {translated}, and at sea whatever you shout.",
            ],
            &["{translated}. I write it on the kitchen door.", "Thank you! {translated} 🙌"],
        ),
        group(
            &[
                "Word of the day: **{translated}** ({language}: {word}).",
                "I heard *{translated}* on the quay. Is that {language} for “{word}”?",
            ],
            &[
                "And how is it pronounced?",
                "It sounds like what it is.",
                "It is. Well heard!",
                "Lovely. Another one tomorrow?",
                "I wrote it on my hand.",
            ],
            &["Once more, slowly, on {day}.", "{translated}, {translated}, {translated}. I will not forget it."],
        ),
        group(
            &["Conversation table on {day} at {time}, {place}. {This time: {language}.|All languages, all levels.}"],
            &["I come!", "Beginners too?", "I bring dictionaries.", "{few} of us, one of them very shy."],
            &["Beginners above all.", "Shy ones pour the tea."],
        ),
        group(
            &["Could somebody help me with {thing} in {language}?"],
            &[
                "Send me a picture of it.",
                "I can, on {day}.",
                "How long is it?",
                "My {language} is for fish and weather only 😄",
            ],
            &["Thank you, now I understand it.", "It is short. Thank you, {last}!"],
        ),
        group(
            &["γειά · مرحبا · שלום · こんにちは · привіт · hello 👋"],
            &["مرحبا 👋", "Γεια σου!", "שלום לכולם", "こんにちは！", "Привіт!"],
            &["What a choir."],
        ),
    ],
};

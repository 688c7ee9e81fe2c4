//! Texts of the newsletter's and the committee's rooms.

use super::{Subject, group};

pub const NEWSLETTER: Subject = Subject {
    things: &[
        "the piece on the lighthouse",
        "the crossword",
        "the portrait of {boat}",
        "the interview with {other}",
        "the back page",
    ],
    places: &["page {few}", "the front page", "the middle pages"],
    exchanges: &[
        group(
            &[
                "Draft of {thing}: {link}. {Corrections until {day}, please.|It is {number} words too long.}",
                "Could somebody proof-read {thing}? I cannot see it any more.",
            ],
            &[
                "Read it. Two commas and one *its*, otherwise lovely.",
                "{quote}Cut the second paragraph, it says it all twice.",
                "Is it `harbour-master` or harbour master? We had both.",
                "I do it tonight.",
                "The last line is the best. Begin with it.",
            ],
            &["Changed, thank you.", "Two words, without a hyphen. Always.", "Sent to the printer 🎉"],
        ),
        group(
            &[
                "Who writes about {boat} for {place}? {number} lines, until {day}.",
                "We still need something for {place}. {number} lines. Ideas?",
            ],
            &[
                "I can have it by {day}.",
                "I know somebody who remembers the old ferry. Shall I ask?",
                "A large picture and nothing else.",
                "Make it {few} lines less, then the advertisement fits.",
                "The children's drawings!",
            ],
            &["Good, you have it until {day}.", "Please do, {last}!", "That is it. Thank you."],
        ),
        group(
            &[
                "Opening paragraph, tell me honestly:\n\n> When the fog lifted on {day}, {boat} lay where nobody had moored her. It took {few} people, a kettle and most of a morning to find out why.\n\nToo much?",
            ],
            &[
                "I want to read on, so: no.",
                "“Most of a morning” is good. Keep that.",
                "Who moved her, though?",
                "A little. But do not change it.",
            ],
            &["You will have to wait for it. It is free.", "Thank you, that helps."],
        ),
        group(
            &[
                "Contents so far:\n\n1. From the office\n2. {thing}\n3. Tides and moons\n4. Recipe: {fish soup|seaweed bread|plum tart}\n5. Lost and found\n6. **Still empty**",
            ],
            &[
                "Number six could be the garden.",
                "Swap two and three.",
                "Is the recipe tried?",
                "Six is for {other}, as a surprise.",
                "“Tides and moons” is a lovely title.",
            ],
            &["Swapped.", "Tried, and eaten.", "Good. Then we are full."],
        ),
        group(
            &["Headline for {thing}: “The sea gives and takes”?", "Is “{few} knots and a cup of tea” a headline?"],
            &[
                "A tired one 😴",
                "Yes!",
                "With a question mark, perhaps.",
                "It was the headline in spring.",
                "I would rather name the boat.",
            ],
            &["I think again.", "Then that is it."],
        ),
    ],
};

pub const COMMITTEE: Subject = Subject {
    things: &[
        "the insurance",
        "the new pontoon",
        "the fees for next year",
        "the lease",
        "the grant",
        "the waiting list for berths",
    ],
    places: &["the upper room", "the office", "the town hall", "the café"],
    exchanges: &[
        group(
            &[
                "Agenda for {day}, {time}, {place}:\n\n1. minutes of the last meeting\n2. {thing}\n3. {few} applications for berths\n4. any other business\n\nAnything to add?",
            ],
            &[
                "Please add the noise at the fuel dock.",
                "I cannot make it on {day}. {other} has my vote.",
                "Fine by me.",
                "Could we begin an hour later?",
                "Two before one, please.",
            ],
            &["Added. See you in {place}.", "Then at {time} sharp."],
        ),
        group(
            &[
                "The offer for {thing} came: {number},{few}00. That is {few} % above the budget. Opinions?",
                "Could we decide on {thing} before {day}? The town asks.",
            ],
            &[
                "I would get a second offer first.",
                "{quote}I abstain, for reasons that you know.",
                "We said the same last year and nothing happened.",
                "In favour.",
                "Can I see the figures? {link} asks me for a password.",
                "Let us not decide this in writing.",
            ],
            &[
                "Carried, {few} in favour, none against.",
                "Then we talk about it on {day}.",
                "I ask for a second offer.",
            ],
        ),
        group(
            &[
                "I spoke with the {town|lawyer|harbour-master} about {thing}. In short: **yes**, if we report twice a year.",
            ],
            &["Good work!", "Twice a year is what we do anyway.", "Is that in writing?", "And what does it cost?"],
            &["In writing, with a stamp.", "Nothing but our time."],
        ),
        group(
            &[
                "Minutes of {day}: {link}. In short: {thing} postponed, {few} new members, the kettle is to be replaced.",
            ],
            &[
                "Approved.",
                "One correction: I was *late*, not absent.",
                "Thank you, {opener}, as thorough as ever.",
                "Finally, the kettle.",
            ],
            &["Corrected.", "Thank you."],
        ),
        group(
            &[
                "Cash in hand: {number},{number}. Outstanding: {few} berths. I have written to them, kindly.",
                "{few} members have not paid yet. I have written to them, kindly.",
            ],
            &[
                "How kindly?",
                "Thank you for doing this.",
                "One of them is me, sorry! Paid today.",
                "{few} is fewer than last year.",
            ],
            &["Very kindly. For now.", "Received, {last}, thank you."],
        ),
    ],
};

//! Texts of the room about tides and weather.

use super::{Subject, group};

pub const TIDES: Subject = Subject {
    things: &["the barometer", "the wind vane", "the gauge", "the webcam"],
    places: &["the bar", "the point", "the inner basin", "the sill", "the narrows"],
    exchanges: &[
        group(
            &[
                "High water {day} {time}, {few}.{few} m. {The sill is open for two hours.|Mind {place}.}",
                "Spring tide on {day}: please lengthen your lines{| and look after {boat}, her owner is away}.",
            ],
            &[
                "Thanks, then we leave an hour earlier.",
                "{boat} is doubled up.",
                "{quote}Is that by the old gauge or by the new one?",
                "So the quay gets wet feet.",
                "I am there at {time} anyway.",
            ],
            &["By the new one. The old one is {few} cm off.", "All dry so far."],
        ),
        group(
            &[
                "Forecast for {day}: {south-west|west|north-east|southerly} {few}, {showers|dry|fog at first}, {gusts of {many} knots|light and fickle later}.",
                "The {harbour|coastal} warning holds until {day}, {time}: {link}",
            ],
            &[
                "My barometer dropped by {few} since the morning.",
                "So no race on {day}, then.",
                "The other model says half of it: {link}",
                "At {place} it {feels|felt} like more than that.",
                "Good for the washing.",
            ],
            &["It eased. Good night.", "I post again at {time}.", "We will see on {day}."],
        ),
        group(
            &[
                "Fog{|, again}. I cannot see {the end of the pontoon|my own bow|{place}}.",
                "Not a breath of wind at {place}.",
            ],
            &[
                "Here as well.",
                "Blue sky where I am. I am at work, though.",
                "Stay in, please.",
                "{other} is out in it, I heard the horn.",
                "The forecast said so. For once.",
            ],
            &["It lifts.", "Everyone is back in."],
        ),
        group(
            &[
                "{thing} shows nonsense since {time}. {Has a gull sat on it?|I look after it on {day}.}",
                "Is {thing} broken, or is it really {few} below zero?",
            ],
            &[
                "A gull. Always a gull.",
                "`restart-gauge` in the office, then wait for five minutes.",
                "It was all right on {day}.",
                "The cable, I would say. It has a kink by the door.",
            ],
            &["Restarted, it is right again.", "A gull it was.", "New cable ordered."],
        ),
        group(
            &[
                "Can one pass {place} two hours before low water, with {few} feet of draught?",
                "How close can I go at {place} with {boat}?",
            ],
            &[
                "I did, once. I would not again.",
                "Keep close to the green buoy and you are fine.",
                "Better wait. There is a new bank since the winter.",
                "The chart is here: {link}",
                "On a neap, perhaps.",
            ],
            &["We wait, then.", "Thank you, {last}. We are through."],
        ),
        group(
            &[
                "For those who like numbers:\n\n```\nday   high   low   wind\nMon   {few}.1    0.{few}   {number} kn\nTue   {few}.3    0.4   {number} kn\nWed   {few}.2    0.5   {number} kn\n```",
            ],
            &["Lovely table. Could it go to the newsletter?", "I do like numbers.", "Thank you!", "Wednesday, then."],
            &["Of course, take it."],
        ),
    ],
};

"""What are the demo shop's customers called? Common given and family names of the countries it sells to."""

# country -> (share of the customers, zone of its browsers, language, given names, family names)
COUNTRIES = {
    "DE": (
        0.60,
        "Europe/Berlin",
        "de-DE",
        "Anna Lena Marie Sophie Laura Julia Katharina Johanna Hannah Clara Emma Paula Mia Frieda Greta Nina Sarah Lukas Jonas Felix Paul"
        " Maximilian Leon Tim Jan Moritz Philipp David Simon Tobias Florian Sebastian Emre Aylin Mehmet Elif",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz"
        " Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann Köhler Maier Huber Kaiser Fuchs Peters"
        " Lang Scholz Möller Yilmaz Kaya Demir Vogel",
    ),
    "AT": (
        0.11,
        "Europe/Vienna",
        "de-AT",
        "Magdalena Theresa Valentina Lea Sophia Elisabeth Jakob Elias Tobias Fabian Matthias Stefan",
        "Gruber Huber Pichler Steiner Moser Mayer Hofer Leitner Berger Eder Fuchs Wimmer Egger Lechner",
    ),
    "CH": (
        0.08,
        "Europe/Zurich",
        "de-CH",
        "Nora Lia Alessia Chiara Elena Livia Noah Liam Luca Nico Matteo Reto",
        "Meier Keller Frei Brunner Baumann Gerber Zürcher Ammann Favre Rossi Bianchi Suter",
    ),
    "NL": (
        0.08,
        "Europe/Amsterdam",
        "nl-NL",
        "Sanne Lotte Femke Eva Fleur Iris Daan Sem Bram Thijs Lars Ruben",
        "de Jong|Jansen|de Vries|van den Berg|Bakker|Visser|Smit|Meijer|Mulder|de Boer|Bos|Vos|Peters|Hendriks",
    ),
    "FR": (
        0.06,
        "Europe/Paris",
        "fr-FR",
        "Camille Chloé Manon Léa Inès Louise Hugo Louis Arthur Jules Gabriel Antoine",
        "Martin Bernard Dubois Thomas Robert Petit Durand Leroy Moreau Simon Laurent Lefèvre Garnier",
    ),
    "GB": (
        0.04,
        "Europe/London",
        "en-GB",
        "Olivia Amelia Isla Poppy Grace Freya Oliver George Harry Jack Alfie Owen",
        "Smith Jones Taylor Brown Williams Wilson Davies Evans Thomas Patel Walker Wright",
    ),
    "DK": (
        0.03,
        "Europe/Copenhagen",
        "da-DK",
        "Freja Ida Alma Clara Sofie William Oscar Emil Magnus Frederik",
        "Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen",
    ),
}


def split(text: str) -> list[str]:
    """The names in `text`: separated by bars where names have spaces, else by spaces."""
    return text.split("|") if "|" in text else text.split()

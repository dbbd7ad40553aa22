"""A small table of places in and around the region, so that distances work before the national table is loaded; a first list of
competences, and weights for kinds of place where other things count than in a job.
"""

from django.db import migrations

# Town centres, rounded to about a kilometre: x and y of the Rijksdriehoek in tens of metres, and the postcodes (PC4, ranges
# inclusive). `import_postcodes` replaces them.
TOWNS = {
    "Wijhe": (20604, 48906, "8131"),
    "Wesepe": (21049, 48132, "8124"),
    "Olst": (20433, 48348, "8121"),
    "Welsum": (20343, 48447, "8196"),
    "Raalte": (21544, 48905, "8101-8103"),
    "Luttenberg": (22127, 49080, "8105"),
    "Mariënheem": (21972, 48966, "8106"),
    "Broekland": (21227, 48668, "8107"),
    "Heeten": (21605, 48339, "8111"),
    "Nieuw Heeten": (21989, 48232, "8112"),
    "Heino": (21252, 49447, "8141"),
    "Lierderholthuis": (20906, 49376, "8144"),
    "Laag Zuthem": (20821, 49620, "8055"),
    "Lemelerveld": (21998, 49579, "8151"),
    "Lemele": (22458, 49741, "8148"),
    "Deventer": (20777, 47439, "7411-7429"),
    "Diepenveen": (20704, 47839, "7431"),
    "Schalkhaar": (21014, 47586, "7433"),
    "Lettele": (21531, 47737, "7434"),
    "Okkenbroek": (21652, 47905, "7435"),
    "Bathmen": (21651, 47393, "7437"),
    "Holten": (22554, 47784, "7451"),
    "Rijssen": (23218, 48072, "7461-7463"),
    "Nijverdal": (22835, 48633, "7441-7443"),
    "Hellendoorn": (22735, 48966, "7447"),
    "Haarle": (22345, 48604, "7448"),
    "Ommen": (22517, 50409, "7731"),
    "Dalfsen": (21406, 50228, "7721"),
    "Nieuwleusen": (21558, 51087, "7711"),
    "Hardenberg": (23843, 51042, "7771-7774"),
    "Gramsbergen": (24209, 51449, "7783"),
    "Dedemsvaart": (22761, 51303, "7701"),
    "Balkbrug": (22287, 51285, "7707"),
    "Zwolle": (20298, 50294, "8011-8013"),
    "Zwolle-Zuid": (20457, 50017, "8014-8017"),
    "Zwolle-Oost": (20530, 50229, "8021-8026"),
    "Zwolle-Noord": (20262, 50482, "8031-8035"),
    "Zwolle-West": (20018, 50458, "8041-8045"),
    "Hattem": (20098, 49880, "8051"),
    "Wezep": (19671, 49776, "8091"),
    "Oldebroek": (18986, 49559, "8096"),
    "Elburg": (18551, 49556, "8081"),
    "Heerde": (19937, 48922, "8181"),
    "Wapenveld": (20163, 49458, "8191"),
    "Veessen": (20251, 48847, "8194"),
    "Kampen": (19052, 50762, "8261-8267"),
    "IJsselmuiden": (19160, 50874, "8271"),
    "Genemuiden": (19920, 51525, "8281"),
    "Hasselt": (20296, 51184, "8061"),
    "Zwartsluis": (20108, 51716, "8064"),
    "Staphorst": (21075, 51782, "7951"),
    "Rouveen": (20950, 51502, "7954"),
    "Meppel": (20954, 52348, "7941-7944"),
    "Steenwijk": (20437, 53366, "8331-8334"),
    "Apeldoorn": (19483, 46937, "7311-7339"),
    "Beekbergen": (19447, 46358, "7361"),
    "Vaassen": (19456, 47783, "8171"),
    "Epe": (19573, 48462, "8161-8162"),
    "Emst": (19440, 48105, "8166"),
    "Twello": (20389, 47235, "7391"),
    "Teuge": (20040, 47331, "7395"),
    "Terwolde": (20364, 47713, "7396"),
    "Wilp": (20747, 47038, "7384"),
    "Voorst": (20698, 46492, "7383"),
    "Klarenbeek": (20192, 46487, "7382"),
    "Brummen": (20762, 45592, "6971"),
    "Eerbeek": (20109, 45763, "6961"),
    "Zutphen": (21036, 46184, "7201-7207"),
    "Warnsveld": (21256, 46109, "7231"),
    "Vorden": (21843, 45771, "7251"),
    "Gorssel": (21077, 46830, "7213"),
    "Lochem": (22512, 46403, "7241"),
    "Borculo": (23272, 45925, "7271"),
    "Ruurlo": (22811, 45595, "7261"),
    "Almelo": (24191, 48622, "7601-7609"),
    "Hengelo": (25096, 47626, "7551-7559"),
    "Enschede": (25796, 47139, "7511-7548"),
}

SKILLS = (
    "Afspraken nakomen",
    "Assembleren",
    "Autogeen lassen",
    "Bestraten",
    "Bestrating herstellen",
    "Bedienen van machines",
    "Boekhouden",
    "Computervaardigheden",
    "Doorzetten",
    "Eenvoudig onderhoud",
    "Grondwerk",
    "Groenonderhoud",
    "Heftruck rijden",
    "Heggen knippen",
    "Hulp vragen",
    "Hygiënisch werken",
    "Inpakken",
    "Instructies opvolgen",
    "Kabels en leidingen leggen",
    "Kassa bedienen",
    "Klantgericht handelen",
    "Koken",
    "Lassen",
    "Lezen van werktekeningen",
    "Machinaal houtbewerken",
    "Magazijnwerk",
    "Meten en rekenen",
    "Metselen",
    "Meubels stofferen",
    "Monteren",
    "Nauwkeurig werken",
    "Netheid",
    "Orderpicken",
    "Ouderen begeleiden",
    "Plannen",
    "Programmeren",
    "Samenwerken",
    "Schoonmaken",
    "Serveren",
    "Solderen",
    "Systemen beheren",
    "Telefoneren",
    "Veilig werken (VCA)",
    "Verzorgen",
    "Voertuigen onderhouden",
    "Zelfstandig werken",
    "Zorg voor dieren",
)

# What the person wants and what supports them counts more than level and competences: by code of the kind of place.
EASY_TO_ENTER = ("zorg-werkatelier", "vrijwilligerswerk", "maatschappelijke-stage")
WEIGHTS = {
    "level": (5, 5),
    "skills": (5, 10),
    "days": (10, 15),
    "load": (20, 20),
    "support": (25, 15),
    "language": (3, 5),
}


def postcodes(text):
    first, _dash, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def add_places(apps, schema_editor):
    place = apps.get_model("matching", "Place")
    place.objects.bulk_create(
        place(pc4=pc4, name=name, x=x, y=y) for name, (x, y, text) in TOWNS.items() for pc4 in postcodes(text)
    )


def add_skills(apps, schema_editor):
    skill = apps.get_model("matching", "Skill")
    skill.objects.bulk_create(skill(name=name) for name in SKILLS)


def add_weights(apps, schema_editor):
    weight = apps.get_model("matching", "CriterionWeight")
    kinds = apps.get_model("accounts", "KindOfPlace").objects.filter(code__in=EASY_TO_ENTER)
    weight.objects.bulk_create(
        weight(kind_of_place=kind, criterion=code, person=person, employer=employer)
        for kind in kinds
        for code, (person, employer) in WEIGHTS.items()
    )


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_rules"), ("accounts", "0003_reference")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop) for add in (add_places, add_skills, add_weights)]

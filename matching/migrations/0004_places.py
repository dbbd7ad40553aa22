"""A small table of places in and around the region, so that distances work before the national table is loaded.

The points are town centres, entered by hand and rounded to about a kilometre; `import_postcodes` replaces them.
"""

from django.db import migrations

from matching.places import to_grid

# latitude, longitude, and the postcodes (PC4, ranges inclusive)
TOWNS = {
    "Wijhe": (52.387, 6.137, "8131"),
    "Wesepe": (52.317, 6.201, "8124"),
    "Olst": (52.337, 6.111, "8121"),
    "Welsum": (52.346, 6.098, "8196"),
    "Raalte": (52.386, 6.275, "8101-8103"),
    "Luttenberg": (52.401, 6.361, "8105"),
    "Mariënheem": (52.391, 6.338, "8106"),
    "Broekland": (52.365, 6.228, "8107"),
    "Heeten": (52.335, 6.283, "8111"),
    "Nieuw Heeten": (52.325, 6.339, "8112"),
    "Heino": (52.435, 6.233, "8141"),
    "Lierderholthuis": (52.429, 6.182, "8144"),
    "Laag Zuthem": (52.451, 6.170, "8055"),
    "Lemelerveld": (52.446, 6.343, "8151"),
    "Lemele": (52.460, 6.411, "8148"),
    "Deventer": (52.255, 6.160, "7411-7429"),
    "Diepenveen": (52.291, 6.150, "7431"),
    "Schalkhaar": (52.268, 6.195, "7433"),
    "Lettele": (52.281, 6.271, "7434"),
    "Okkenbroek": (52.296, 6.289, "7435"),
    "Bathmen": (52.250, 6.288, "7437"),
    "Holten": (52.284, 6.421, "7451"),
    "Rijssen": (52.309, 6.519, "7461-7463"),
    "Nijverdal": (52.360, 6.464, "7441-7443"),
    "Hellendoorn": (52.390, 6.450, "7447"),
    "Haarle": (52.358, 6.392, "7448"),
    "Ommen": (52.520, 6.421, "7731"),
    "Dalfsen": (52.505, 6.257, "7721"),
    "Nieuwleusen": (52.582, 6.281, "7711"),
    "Hardenberg": (52.575, 6.618, "7771-7774"),
    "Gramsbergen": (52.611, 6.673, "7783"),
    "Dedemsvaart": (52.600, 6.459, "7701"),
    "Balkbrug": (52.599, 6.389, "7707"),
    "Zwolle": (52.512, 6.094, "8011-8013"),
    "Zwolle-Zuid": (52.487, 6.117, "8014-8017"),
    "Zwolle-Oost": (52.506, 6.128, "8021-8026"),
    "Zwolle-Noord": (52.529, 6.089, "8031-8035"),
    "Zwolle-West": (52.527, 6.053, "8041-8045"),
    "Hattem": (52.475, 6.064, "8051"),
    "Wezep": (52.466, 6.001, "8091"),
    "Oldebroek": (52.447, 5.900, "8096"),
    "Elburg": (52.447, 5.836, "8081"),
    "Heerde": (52.389, 6.039, "8181"),
    "Wapenveld": (52.437, 6.073, "8191"),
    "Veessen": (52.382, 6.085, "8194"),
    "Kampen": (52.555, 5.911, "8261-8267"),
    "IJsselmuiden": (52.565, 5.927, "8271"),
    "Genemuiden": (52.623, 6.040, "8281"),
    "Hasselt": (52.592, 6.095, "8061"),
    "Zwartsluis": (52.640, 6.068, "8064"),
    "Staphorst": (52.645, 6.211, "7951"),
    "Rouveen": (52.620, 6.192, "7954"),
    "Meppel": (52.696, 6.194, "7941-7944"),
    "Steenwijk": (52.788, 6.119, "8331-8334"),
    "Apeldoorn": (52.211, 5.970, "7311-7339"),
    "Beekbergen": (52.159, 5.964, "7361"),
    "Vaassen": (52.287, 5.967, "8171"),
    "Epe": (52.348, 5.985, "8161-8162"),
    "Emst": (52.316, 5.965, "8166"),
    "Twello": (52.237, 6.103, "7391"),
    "Teuge": (52.246, 6.052, "7395"),
    "Terwolde": (52.280, 6.100, "7396"),
    "Wilp": (52.219, 6.155, "7384"),
    "Voorst": (52.170, 6.147, "7383"),
    "Klarenbeek": (52.170, 6.073, "7382"),
    "Brummen": (52.089, 6.155, "6971"),
    "Eerbeek": (52.105, 6.060, "6961"),
    "Zutphen": (52.142, 6.196, "7201-7207"),
    "Warnsveld": (52.135, 6.228, "7231"),
    "Vorden": (52.104, 6.313, "7251"),
    "Gorssel": (52.200, 6.203, "7213"),
    "Lochem": (52.160, 6.412, "7241"),
    "Borculo": (52.116, 6.522, "7271"),
    "Ruurlo": (52.087, 6.454, "7261"),
    "Almelo": (52.357, 6.663, "7601-7609"),
    "Hengelo": (52.266, 6.793, "7551-7559"),
    "Enschede": (52.221, 6.894, "7511-7548"),
}


def postcodes(text):
    first, _dash, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def add_places(apps, schema_editor):
    place = apps.get_model("matching", "Place")
    rows = {}
    for name, (latitude, longitude, text) in TOWNS.items():
        x, y = to_grid(latitude, longitude)
        for pc4 in postcodes(text):
            rows[pc4] = place(pc4=pc4, name=name, x=x, y=y)
    place.objects.bulk_create(rows.values(), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("matching", "0003_triggers")]
    operations = [migrations.RunPython(add_places, migrations.RunPython.noop)]

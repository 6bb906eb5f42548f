"""What does Linden & Oak sell? 120 products for home and living in eight categories."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

# name | price in EUR | popularity. The first products of a category are its classics.
LINES = {
    "Lighting": """
        Halden Floor Lamp|189.00|9        Brisa Paper Pendant|59.00|8         Nook Reading Light|79.00|7
        Marin Table Lamp|94.00|7          Ember Dimmable Bulb Set|24.00|6     Orbit Glass Pendant|149.00|5
        Lumen Wall Sconce|84.00|4         Dune Ceramic Lamp|112.00|5          Haus Desk Lamp|98.00|5
        Firefly Light Chain|29.00|7       Arc Reading Lamp|229.00|3           Opal Globe Lamp|69.00|4
        Candor Lantern|45.00|4            Skagen Ceiling Light|164.00|3       Mini Clip Spot|32.00|3""",
    "Furniture": """
        Alder Oak Bedside Table|179.00|7  Fjord Lounge Chair|549.00|4         Linden Dining Table|890.00|3
        Kvist Oak Stool|119.00|6          Tove Bookcase|429.00|4              Bo Bench|259.00|4
        Harbour Side Table|149.00|6       Sten Coffee Table|319.00|4          Viggo Dining Chair|169.00|7
        Astrid Armchair|629.00|2          Lofoten Sideboard|749.00|2          Pine Shoe Rack|89.00|5
        Nils Desk|459.00|3                Oak Wall Shelf|64.00|7              Rue Bar Stool|139.00|3""",
    "Bedding": """
        Marlow Linen Duvet Cover|129.00|16Cotton Percale Sheet|59.00|7        Washed Linen Pillowcase|29.00|8
        Alpine Wool Duvet|199.00|4        Goose Down Pillow|89.00|5           Jersey Fitted Sheet|34.00|7
        Muslin Bedspread|99.00|5          Kids Cloud Duvet Set|49.00|4        Bamboo Mattress Topper|159.00|3
        Flannel Duvet Cover|79.00|5       Silk Pillowcase|54.00|3             Quilted Throw|119.00|4
        Hemp Bed Runner|44.00|2           Body Pillow|64.00|3                 Mattress Protector|39.00|4""",
    "Kitchen & Table": """
        Stoneware Dinner Plate, Set of 4|64.00|8  Oak Serving Board|39.00|8     Enamel Pot 4 l|89.00|4
        Linen Napkins, Set of 6|36.00|5   Hand-Blown Tumblers, Set of 4|44.00|6 Pour-Over Coffee Set|52.00|6
        Cast Iron Pan 28 cm|79.00|5       Olive Wood Salad Servers|27.00|4    Porcelain Teapot|58.00|4
        Carving Knife|69.00|3             Beech Pepper Mill|34.00|5           Cotton Apron|32.00|5
        Breakfast Bowl, Set of 4|48.00|7  Bread Box|59.00|4                   Copper Measuring Cups|42.00|3""",
    "Decor": """
        Ribbed Stoneware Vase|39.00|8     Wool Throw Fjell|89.00|8            Lambswool Cushion|49.00|8
        Scented Candle Cedar|26.00|9      Round Oak Mirror|159.00|5           Botanical Print No. 4|45.00|4
        Woven Wall Hanging|79.00|3        Terracotta Bowl|34.00|4             Brass Candle Holder|29.00|6
        Paper Star Lamp Shade|19.00|5     Jute Rug 160 x 230|219.00|4         Wool Rug Strand|389.00|3
        Picture Frame Ash|24.00|6         Wall Clock Minute|69.00|3           Book Ends Arch|38.00|3""",
    "Bath": """
        Waffle Bath Towel|36.00|8         Terry Towel Set|59.00|7             Teak Bath Mat|69.00|5
        Stone Soap Dispenser|32.00|6      Linen Shower Curtain|64.00|5        Hammam Towel|29.00|6
        Bamboo Bath Tray|45.00|4          Laundry Basket Seagrass|79.00|5     Cotton Bathrobe|89.00|5
        Cedar Soap, Set of 3|18.00|7      Toothbrush Tumbler|16.00|4          Bath Stool Hinoki|98.00|2
        Guest Towel, Set of 2|22.00|5     Shaving Mirror|74.00|2              Wall Hook Rail|38.00|4""",
    "Storage": """
        Seagrass Basket L|42.00|8         Stackable Oak Box|35.00|6           Canvas Storage Bag|24.00|5
        Entryway Coat Rack|149.00|4       Glass Storage Jars, Set of 3|33.00|7 Felt Drawer Organiser|19.00|4
        Rolling Cart|119.00|4             Wire Fruit Basket|29.00|5           Under-Bed Drawer|58.00|4
        Magazine Holder Birch|46.00|3     Hanging Shelf Rope|52.00|3          Key Shelf|27.00|4
        Wardrobe Boxes, Set of 2|31.00|4  Umbrella Stand|68.00|2              Toy Crate|37.00|4""",
    "Garden & Plants": """
        Zinc Planter|49.00|6              Terracotta Pot Set|38.00|7          Monstera Plant|34.00|7
        Olive Tree 80 cm|69.00|4          Acacia Garden Bench|349.00|2        Folding Bistro Set|229.00|3
        Watering Can 3 l|36.00|5          Herb Planter Trio|32.00|6           Outdoor Lantern|54.00|4
        Solar Path Lights, Set of 4|46.00|4 Hammock Cotton|95.00|3            Fire Bowl|139.00|3
        Bird Feeder Oak|42.00|5           Plant Stand Ash|59.00|5             Pruning Shears|28.00|3""",
}


@dataclass(frozen=True)
class Product:
    """One thing on sale. `price_cents` is what the customer pays for one piece before any discount."""

    product_id: str  # LO-101 …
    name: str
    category: str
    price_cents: int
    popularity: int

    @property
    def slug(self) -> str:
        return slug(self.name)


@dataclass(frozen=True)
class Catalogue:
    """The products, and the arrays from which a visit draws what it looks at."""

    products: tuple[Product, ...]
    categories: tuple[str, ...]
    category_of: np.ndarray  # (n_products,) index into categories
    chance: np.ndarray  # (n_categories, n_products): which product a visit to this category opens, rows sum to 1

    def index(self, name: str) -> int:
        return next(i for i, product in enumerate(self.products) if product.name == name)


@lru_cache(maxsize=1)
def load() -> Catalogue:
    """The catalogue; the same in every shop."""
    products = tuple(product for block, category in enumerate(LINES) for product in _read(block, category))
    categories = tuple(LINES)
    category_of = np.array([categories.index(product.category) for product in products])
    popularity = np.array([product.popularity for product in products], dtype=float)
    chance = np.where(category_of[None, :] == np.arange(len(categories))[:, None], popularity, 0.0)
    return Catalogue(products, categories, category_of, chance / chance.sum(axis=1, keepdims=True))


def slug(text: str) -> str:
    """`text` as it stands in an address: lower case words with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _read(block: int, category: str) -> list[Product]:
    found = re.findall(r"(\S[^|\n]*)\|(\d+)\.(\d\d)\|(\d+)", LINES[category])
    return [
        Product(f"LO-{block + 1}{number + 1:02d}", name.strip(), category, int(euros) * 100 + int(cents), int(popularity))
        for number, (name, euros, cents, popularity) in enumerate(found)
    ]

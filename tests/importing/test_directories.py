"""Directories of pickup points and postcodes: read whole and checked, then brought in, as often as one likes."""

import gzip
from pathlib import Path

import pytest

from aftercart.importing.csv_file import FileRefused
from aftercart.importing.directories import CHUNK, import_pickup_points, import_postcodes
from aftercart.importing.pickup_points_file import COMPLAINTS_MAX, read_pickup_points
from aftercart.importing.postcodes_file import read_postcodes
from aftercart.inventory.model import Coordinates
from aftercart.kit.commands import UpsertResult
from aftercart.kit.database import Database
from aftercart.shipping.queries import find_coordinates, find_nearest_points

LA_POSTE = Path(__file__).parents[3] / "shared" / "data" / "laposte-hexasmal.csv.gz"
HEADER = "code,name,line1,line2,postcode,city,country,latitude,longitude,opening_hours,active"
POINT = "FR-1,Le Relais,1 rue Neuve,,69003,Lyon,FR,45.75,4.85,Mo-Sa 09:00-19:00; PH off,"
CLOSED = 'FR-2,"Bar, tabac",2 rue Neuve,sous le pont,69 003,Lyon,fr,45.76,4.85,24/7,FALSE'
COMMUNES = """\
#Code_commune_INSEE;Nom_commune;Code_postal;Ligne_5;Libellé_d_acheminement;coordonnees_gps
69383;LYON 03;69003;;LYON;45.75,4.85
69383;LYON 03;69003;MONTCHAT;LYON;45.75,4.85
69384;AILLEURS;69003;;LYON;45.85,4.95
98711;ANAA;98786;ANAA;HITIANAU;
99138;MONACO;98000;;MONACO;43.7384,7.4246
"""


def written(path: Path, text: str, *, compressed: bool = False) -> Path:
    path.write_bytes(gzip.compress(text.encode()) if compressed else text.encode())
    return path


def unheard(_done: int, _of: int) -> None:
    pass


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read_pickup_points(path, network="relays")
    return str(refused.value)


def test_points_are_read_with_their_columns_in_any_order_and_split_by_any_sign(tmp_path: Path) -> None:
    first, second = read_pickup_points(
        written(tmp_path / "p.csv", f"{HEADER}\n{POINT}\n\n{CLOSED}\n"), network="relays"
    )
    assert (first.network, first.code, first.latitude, first.active) == ("relays", "FR-1", 45.75, True)
    assert (second.name, second.address.line2, second.active) == ("Bar, tabac", "sous le pont", False)
    swapped = "opening_hours;longitude;latitude;country;city;postcode;line1;name;code;phone\n"
    swapped += "24/7;4,85;45,75;FR;Lyon;69003;1 rue Neuve;Le Relais;FR-1;04 78\n"
    (point,) = read_pickup_points(written(tmp_path / "s.csv", swapped, compressed=True), network="relays")
    assert (point.code, point.latitude, point.longitude) == ("FR-1", 45.75, 4.85)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (POINT.replace("45.75", "far"), "line 3, column latitude: Expected `float`, got `str`, got 'far'"),
        (POINT.replace("45.75", "95"), "line 3, column latitude: Expected `float` <= 90.0, got '95'"),
        (POINT.replace("45.75", "nan"), "line 3, column latitude: "),
        (POINT.replace("69003", "6900"), "line 3, column postcode: expected a postcode of FR, such as 33380, 34092"),
        (POINT.replace("FR,", "ZZ,"), "line 3, column country: expected an ISO 3166 alpha-2 country code, got 'ZZ'"),
        (POINT.replace("Mo-Sa 09:00-19:00", "9 to 7"), "line 3, column opening_hours: expected opening hours such as"),
        (POINT.replace("FR-1", ""), "line 3, column code: Expected `str` of length >= 1"),
        (POINT.replace("Lyon", ""), "line 3, column city: expected at least one character, got ''"),
        (POINT + "perhaps", "line 3, column active: Expected `bool`"),
        (CLOSED, "line 3, column code: 'FR-2' stands on line 2 too"),
        (POINT + ",,", "line 3: 13 fields where the header has 11"),
    ],
)
def test_a_wrong_line_is_told_with_its_column(line: str, complaint: str, tmp_path: Path) -> None:
    assert complaint in refusal(written(tmp_path / "points.csv", f"{HEADER}\n{CLOSED}\n{line}\n"))


def test_many_wrong_lines_are_told_together_up_to_a_limit(tmp_path: Path) -> None:
    lines = [POINT.replace("FR-1", f"FR-{number}").replace("45.75", "far") for number in range(50)]
    told = refusal(written(tmp_path / "points.csv", "\n".join((HEADER, *lines)))).splitlines()
    assert len(told) == 1 + COMPLAINTS_MAX


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "has no column code, name, line1"),
        ("code,name\nFR-1,x\n", "has no column line1, postcode, city"),
        (f"{HEADER}\n", "has no lines below its header"),
    ],
)
def test_another_file_is_refused(text: str, complaint: str, tmp_path: Path) -> None:
    assert complaint in refusal(written(tmp_path / "points.csv", text))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(f"{HEADER}\n{POINT}\n".encode() * 100)
    (tmp_path / "cut.csv.gz").write_bytes(whole[: len(whole) // 2])
    assert "is damaged" in refusal(tmp_path / "cut.csv.gz")
    (tmp_path / "latin.csv").write_bytes(f"{HEADER}\n{POINT}\n".replace("Relais", "Café").encode("latin-1"))
    assert "is damaged" in refusal(tmp_path / "latin.csv")


async def test_points_are_brought_in_chunk_by_chunk_and_a_second_time_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    count = 2 * CHUNK + 1
    lines = [POINT.replace("FR-1", f"FR-{number}") for number in range(count)]
    points = read_pickup_points(written(tmp_path / "points.csv", "\n".join((HEADER, *lines))), network="relays")
    heard: list[tuple[int, int]] = []
    first = await import_pickup_points(database_url, points, said=lambda done, of: heard.append((done, of)))
    again = await import_pickup_points(database_url, points, said=unheard)
    assert heard == [(CHUNK, count), (2 * CHUNK, count), (count, count)]
    assert first == UpsertResult(created=count, updated=0, unchanged=0)
    assert again == UpsertResult(created=0, updated=0, unchanged=count)
    async with Database(database_url) as database:
        near = await find_nearest_points(
            database,
            networks=["relays"],
            countries=["FR"],
            near=Coordinates(latitude=45.75, longitude=4.85),
            limit=1,
        )
    assert near[0].point.opening_hours == "Mo-Sa 09:00-19:00; PH off"


def test_a_postcode_lies_in_the_middle_of_its_communes(tmp_path: Path) -> None:
    read = read_postcodes(written(tmp_path / "communes.csv", COMMUNES))
    assert [(one.postcode, round(one.latitude, 4), round(one.longitude, 4)) for one in read.postcodes] == [
        ("69003", 45.8, 4.9),
        ("98000", 43.7384, 7.4246),
    ]
    assert (read.lines, read.lines_without_place, read.postcodes_without_place) == (5, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (COMMUNES.replace("69003;;", "690;;"), "line 2, column Code_postal: expected a postcode of FR"),
        (COMMUNES.replace("45.75,4.85", "45.75", 1), "line 2, column coordonnees_gps: expected latitude and longitude"),
        (COMMUNES.replace("45.75,4.85", "95,4", 1), "line 2, column coordonnees_gps: expected latitude and longitude"),
        (COMMUNES.replace("Code_postal", "code"), "has no column Code_postal"),
        (COMMUNES.partition("\n")[0] + "\n98711;ANAA;98786;;;\n", "says of no postcode where it is"),
    ],
)
def test_a_wrong_directory_of_postcodes_is_refused(wrong: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        read_postcodes(written(tmp_path / "communes.csv", wrong))
    assert complaint in str(refused.value)


async def test_postcodes_are_brought_in_and_found(database_url: str, tmp_path: Path) -> None:
    read = read_postcodes(written(tmp_path / "communes.csv.gz", COMMUNES, compressed=True))
    for expected in (UpsertResult(created=2, updated=0, unchanged=0), UpsertResult(created=0, updated=0, unchanged=2)):
        assert await import_postcodes(database_url, read.postcodes, said=unheard) == expected
    async with Database(database_url) as database:
        lyon = await find_coordinates(database, country="FR", postcode="69003")
        monaco = await find_coordinates(database, country="MC", postcode="98000")
    assert lyon == Coordinates(latitude=45.8, longitude=4.9)
    assert monaco == Coordinates(latitude=43.7384, longitude=7.4246)


async def test_the_real_directory_is_brought_in(database_url: str) -> None:
    if not LA_POSTE.exists():
        pytest.skip(f"the directory of La Poste is not there: no {LA_POSTE.name} in shared/data beside the checkout")
    read = read_postcodes(LA_POSTE)
    assert (read.lines, read.lines_without_place) == (39_193, 257)
    assert (len(read.postcodes), read.postcodes_without_place) == (6_195, 133)
    result = await import_postcodes(database_url, read.postcodes, said=unheard)
    assert result.created == len(read.postcodes)

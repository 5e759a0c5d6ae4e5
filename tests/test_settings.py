from pathlib import Path

import pytest

from aftercart.settings import SettingRefused, Settings, load_settings


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(environment={}, file=tmp_path / "none.toml") == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "aftercart.toml"
    file.write_text('port = 9000\ndata_dir = "/var/lib/aftercart"\nlog_level = "debug"\n')
    environment = {"AFTERCART_PORT": "9001", "AFTERCART_LOG_LEVEL": ""}
    settings = load_settings(environment=environment, file=file)
    assert settings == Settings(port=9001, data_dir=Path("/var/lib/aftercart"), log_level="debug")


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"AFTERCART_PORT": "http"}, "AFTERCART_PORT is 'http'"),
        ({"AFTERCART_PORT": "70000"}, "AFTERCART_PORT is '70000': Expected `int` <= 65535"),
        ({"AFTERCART_ROLE": "boss"}, "AFTERCART_ROLE is 'boss'"),
    ],
)
def test_a_bad_variable_is_named(environment: dict[str, str], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused) as refused:
        load_settings(environment=environment, file=tmp_path / "none.toml")
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("port = true", "port in aftercart.toml is True"),
        ("data_dir = 7", "data_dir in aftercart.toml is 7"),
        ("prot = 8000", "prot in aftercart.toml is no setting of Aftercart"),
        ("port = ", "aftercart.toml is not valid TOML"),
    ],
)
def test_a_bad_line_in_the_file_is_named(
    text: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("aftercart.toml").write_text(text)
    with pytest.raises(SettingRefused) as refused:
        load_settings(environment={})
    assert complaint in str(refused.value)

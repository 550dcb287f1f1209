"""docs/senders.md and the comments of sources.yaml: what a newcomer copies out of them works."""

import json
import re
import shutil
import textwrap
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from core.adapters.config_files import load
from core.config.sources import KINDS
from core.signals import Webhook
from core.sources import read
from functions.commands.simulate import command as simulate
from functions.commands.test import command as run_scenarios
from tests.sources.bodies import MAPPINGS, post
from tests.sources.bodies import load as load_fixture

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "senders.md").read_text(encoding="utf-8")
OWN = PAGE.partition("## Add your own in five minutes")[2]


def blocks(text):
    """The indented blocks of a page, each as it is copied."""
    found = re.findall(r"(?:^ {4,}\S.*\n(?:\n(?= {4}))?)+", text, re.MULTILINE)
    return [textwrap.dedent(block) for block in found]


BODY, MAPPING, SOURCE = blocks(OWN)[0], blocks(OWN)[1], blocks(OWN)[2]


@pytest.fixture
def folder(tmp_path):
    """The config that Rung brings, with what the page says added to it."""
    folder = shutil.copytree(ROOT / "config", tmp_path / "config")
    for name, written in (("mappings", MAPPING), ("sources", SOURCE)):
        path = folder / f"{name}.yaml"
        added = textwrap.indent(textwrap.dedent(written.partition("\n")[2]), "  ")
        path.write_text(path.read_text().replace(f"\n{name}:\n", f"\n{name}:\n{added}\n"))
    return folder


def test_the_worked_example_fires_and_is_resolved(folder):
    config = load(folder, {})
    assert config.sources["vault"].severities == {"now": "critical", "later": "low"}
    (down,) = read("vault", Webhook(BODY.encode()), config.mappings).signals
    assert (down.status, down.dedup_key, down.severity) == ("firing", "vault-2 sdc", "now")
    assert (down.title, down.link) == ("Disk sdc of vault-2", "https://vault-2.example.com/disks/sdc")
    assert down.labels == {"site": "cellar"}
    (up,) = read("vault", post(json.loads(BODY) | {"health": "REPLACED"}), config.mappings).signals
    assert (up.status, up.dedup_key) == ("resolved", "vault-2 sdc")


def simulated(folder, body, *options):
    payload = folder.parent / "body"
    payload.write_bytes(body if isinstance(body, bytes) else body.encode())
    return CliRunner().invoke(simulate, ["--payload", str(payload), "--config", str(folder), *options])


def test_the_worked_example_can_be_simulated(folder):
    answer = simulated(folder, BODY, "--source", "vault", "--json")
    assert answer.exit_code == 0, answer.output
    pages = [row for row in json.loads(answer.output) if row["event"] == "notified"]
    assert {row["level_name"] for row in pages} >= {"primary", "secondary", "manager", "executive"}  # critical's


@pytest.mark.parametrize(("source", "body"), [("vault", BODY), ("form", "title=Disk+is+full&severity=critical")])
def test_a_scenario_reads_a_body_by_a_mapping_and_a_form_as_live(folder, source, body):
    path = folder / "sources.yaml"
    path.write_text(path.read_text().replace("\nsources:\n", "\nsources:\n  form: {type: plain-form, token: t}\n"))
    path = folder / "mappings.yaml"
    own = "\nmappings:\n  plain-form: {key: title, title: title, severity: severity}\n"
    path.write_text(path.read_text().replace("\nmappings:\n", own))
    (folder.parent / "body").write_text(body)
    alert = {"alert": {"payload": "body", "source": source}}
    expect = [{"page": "anybody", "at": "0s"}, {"severity": "critical"}]
    written = {"name": "as live", "at": "2026-11-20T16:30", "given": [alert], "expect": expect}
    scenarios = folder.parent / "scenarios.yaml"
    scenarios.write_text(yaml.safe_dump({"scenarios": [written]}))
    answer = CliRunner().invoke(run_scenarios, ["--config", str(folder), str(scenarios)])
    assert (answer.exit_code, answer.output) == (0, "1 scenario, all passed\n")


def test_a_body_that_the_mapping_cannot_read_is_told_with_the_reason(folder):
    answer = simulated(folder, BODY.replace("FAILING", "TIRED"), "--source", "vault")
    assert answer.exit_code == 2
    assert "the mapping knows FAILING, REPLACED" in answer.output


FORMS = {
    "statuscake": b"TestID=44&Name=Shop&Status=Down&Token=x",
    "sendgrid": b'--xYz\r\nContent-Disposition: form-data; name="subject"\r\n\r\nDisk is full\r\n--xYz\r\n'
    b'Content-Disposition: form-data; name="to"\r\n\r\na@b.example\r\n--xYz--\r\n',
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_in_a_file_can_be_simulated_too(folder, name):
    sources = folder / "sources.yaml"
    sources.write_text(sources.read_text().replace("\nsources:\n", f"\nsources:\n  {name}: {{token: x}}\n"))
    answer = simulated(folder, FORMS[name], "--source", name, "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)


def test_a_file_that_is_no_form_and_no_json_is_told_so(folder):
    answer = simulated(folder, "disk full", "--source", "vault")
    assert (answer.exit_code, "not valid JSON" in answer.output) == (2, True)


def test_every_mapping_has_its_line_and_no_other_has():
    lines = re.findall(r"^\| `([a-z0-9-]+)` \| .+ \|$", PAGE.partition("## Senders by mapping")[2], re.MULTILINE)
    assert sorted(lines) == sorted(MAPPINGS)


def test_every_sender_that_rung_reads_by_itself_is_told_of():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"/ingest/{kind}" in PAGE + readme or f"`{kind}`" in PAGE, kind


def test_the_parameters_for_zabbix_are_fields_that_are_read():
    names = re.findall(r"^\| `([a-z_]+)` \| `\{[A-Z.]+\}` \|$", PAGE, re.MULTILINE)
    problem = load_fixture("zabbix-problem.json")
    assert set(names) == set(problem) - {"value"}
    assert read("zabbix", post({name: problem[name] for name in names})) == read("zabbix", post(problem))


def test_the_payload_for_datadog_has_the_fields_of_the_mapping():
    payload = next(json.loads(block) for block in blocks(PAGE) if "$ALERT_ID" in block)
    wanted = {"monitor_id", "scopes", "title", "alert_transition", "severity", "body", "url", "tags"}
    assert set(payload) == wanted
    (signal,) = read("datadog", post(payload | {"alert_transition": "Triggered"}), MAPPINGS).signals
    assert signal.dedup_key == "$ALERT_ID $ALERT_SCOPE"


def test_the_template_for_healthchecks_is_read():
    written = next(block for block in blocks(PAGE) if "$CODE" in block)
    (signal,) = read("healthchecks", Webhook(written.replace("$STATUS", "down").encode())).signals
    assert (signal.status, signal.dedup_key, signal.title) == ("firing", "$CODE", "$NAME")


def test_every_block_of_yaml_on_the_page_is_yaml():
    written = [block for block in blocks(PAGE) if re.match(r"[a-z]+:\n", block)]
    assert len(written) == 4
    for block in written:
        assert yaml.safe_load(block)


def test_the_sources_in_the_comments_of_sources_yaml_work(tmp_path):
    folder = shutil.copytree(ROOT / "config", tmp_path / "config")
    path = folder / "sources.yaml"
    path.write_text(re.sub(r"^  # ((?:[a-z-]+:|  [a-z_]+:).*)$", r"  \1", path.read_text(), flags=re.MULTILINE))
    config = load(folder, {"RUNG_SOURCE_TOKEN": "abc", "RUNG_SENTRY_SECRET": "def"})
    assert {source.type for source in config.sources.values()} >= set(KINDS)
    assert {source.type for source in config.sources.values()} - set(KINDS) == {"datadog", "pingdom"}
    assert config.sources["sentry"].hmac_secret.get_secret_value() == "def"
    assert config.sources["website"].severities == {"high": "critical", "low": "medium"}
    assert all(s.token.get_secret_value() == "abc" for name, s in config.sources.items() if name != "sentry")

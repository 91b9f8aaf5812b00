import json
import signal
import socket
from http.client import HTTPConnection

import pytest
from tests.unit.core.governed import OPENS, POLICY
from tests.unit.services.live_runs import a_run, a_stage, anna_walks

from overt.adapters.observers_page import ObserversPage
from overt.adapters.stop_signals import StopSignals
from overt.errors import OutputUnwritableError
from overt.services.observe_live import observed


def asked(page, path="/"):
    """Return status, headers and body of a request."""
    connection = HTTPConnection(page.address.split("/")[2], timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode()


def test_it_is_up_for_the_deployment_that_it_shows():
    """The gate asks over HTTP, as an observer would; another deployment's page is not it."""
    with ObserversPage(lambda: {"deployment": "d-1"}) as page:
        assert page.is_up("d-1")
        assert not page.is_up("d-2")
    assert not page.is_up("d-1")


def test_it_is_down_where_its_figures_cannot_be_read():
    """A page without content is no page."""

    def gone():
        raise OSError

    with ObserversPage(gone) as page:
        assert asked(page)[0] == 503
        assert not page.is_up("d-1")


def test_it_listens_on_this_machine_only_and_loads_nothing():
    """Loopback unless somebody opens it; no script, no other site."""
    with ObserversPage(lambda: {"deployment": "<b>&"}) as page:
        assert page.address.startswith("http://127.0.0.1:")
        status, headers, body = asked(page)
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "<script" not in body
    assert "&lt;b&gt;&amp;" in body


def test_another_path_is_not_there():
    """Nothing else is served."""
    with ObserversPage(dict) as page:
        assert asked(page, "/etc/passwd")[0] == 404


def test_a_port_that_is_taken_is_an_error_with_a_code():
    """Somebody else listens there."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(OutputUnwritableError),
        ObserversPage(dict, port=server.getsockname()[1]),
    ):
        pass


def test_what_it_shows_are_numbers_settings_and_notices():
    """No entry, reference, alert or camera address is among it (R-35)."""
    stage = a_stage()
    a_run(stage, anna_walks(stage)).go()
    with stage.reading() as uow:
        shown = observed(uow, "d-1", POLICY, OPENS)
        (alert,) = uow.alerts.of_deployment("d-1")
    text = json.dumps(shown)
    assert (shown["faces_seen"], shown["alerts"]) == (1, 1)
    assert shown["threshold"] == 0.94
    assert len(shown["notices"]) == 2
    for hidden in (alert.alert_id, alert.entry_id, "N-1", "secret-", alert.camera_id):
        assert hidden not in text


class TestStopSignals:
    @pytest.mark.parametrize(
        ("number", "reason", "by_person"),
        [
            (signal.SIGINT, "stopped at the keyboard", True),
            (signal.SIGTERM, "the service was told to stop", False),
        ],
    )
    def test_are_heard_as_a_request(self, number, reason, by_person):
        """The present frame is finished; then the run stops with the reason."""
        with StopSignals() as signals:
            assert signals.requested() is None
            signal.raise_signal(number)
            assert (signals.requested(), signals.is_by_person()) == (reason, by_person)

    def test_a_second_ctrl_c_interrupts(self):
        """Where a camera is silent, nobody waits for it for ever."""
        with StopSignals():
            signal.raise_signal(signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)

    def test_mean_afterwards_what_they_meant_before(self):
        """Handlers are put back."""
        before = signal.getsignal(signal.SIGTERM)
        with StopSignals():
            assert signal.getsignal(signal.SIGTERM) != before
        assert signal.getsignal(signal.SIGTERM) == before

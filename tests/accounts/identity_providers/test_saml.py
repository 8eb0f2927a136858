"""Sign-in by a SAML provider on loopback: what it must sign and say, and what is refused."""

import base64
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from accounts.identity_providers.configuration import IdentityProvider, allauth_providers
from tests.accounts.conftest import signed_in
from tests.accounts.identity_providers.test_openid_connect import is_signed_in, refusal_of
from tests.accounts.test_sign_in import set_up_app
from tests.worlds import cities

pytestmark = [
    pytest.mark.django_db,
    # python3-saml 1.16 tells the time this way
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning"),
]
LOGIN = "/accounts/saml/burnaby/login/"
ACS = "/accounts/saml/burnaby/acs/"
OURS = "http://testserver/accounts/saml/burnaby/metadata/"  # our name as a service provider
MFA = "https://refeds.org/profile/mfa"


@dataclass(frozen=True)
class KeyPair:
    """Private key and self-signed certificate, as PEM."""

    key: str
    certificate: str

    @property
    def body(self) -> str:
        """The certificate without its first and last line."""
        return "".join(self.certificate.strip().splitlines()[1:-1])


def key_pair() -> KeyPair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "login.burnaby.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    return KeyPair(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode(),
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
    )


@dataclass
class SAMLProvider:
    """Provider whose metadata is read over HTTP, and whose answers the browser carries."""

    url: str
    keys: KeyPair

    def answer(self, client: Client, start: str = LOGIN, **facts: Any) -> dict[str, str]:
        """Let the browser start a sign-in; return the form that the provider lets it post to our site."""
        redirect = client.get(start)
        assert redirect.status_code == 302, redirect.content.decode()
        assert redirect["Location"].startswith(f"{self.url}/sso?")
        query = parse_qs(urlsplit(redirect["Location"]).query)
        request = etree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15))
        assert request.get("AssertionConsumerServiceURL") == f"http://testserver{ACS}"
        return {"SAMLResponse": self.response(**{"in_response_to": request.get("ID"), **facts})}

    def response(
        self,
        *,
        email: str,
        in_response_to: str | None,
        subject: str = "ann",
        audience: str = OURS,
        destination: str = f"http://testserver{ACS}",
        minutes: int = 5,
        context: str = Names.AC_PASSWORD,
        name_id_format: str = Names.NAMEID_PERSISTENT,
        keys: KeyPair | None = None,
        change: tuple[str, str] = ("", ""),
        is_signed: bool = True,
    ) -> str:
        """Return a response with a signed assertion, in base64. `change` replaces text after the signature."""
        now = datetime.now(UTC)
        at, end = (
            moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (now, now + timedelta(minutes=minutes))
        )
        begin = (now - timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
        answered = f'InResponseTo="{in_response_to}"' if in_response_to else ""
        assertion = (
            f'<saml:Assertion xmlns:saml="{Names.NS_SAML}" ID="_a{now.timestamp()}" Version="2.0" IssueInstant="{at}">'
            f"<saml:Issuer>{self.url}</saml:Issuer>"
            f'<saml:Subject><saml:NameID Format="{name_id_format}">{subject}</saml:NameID>'
            f'<saml:SubjectConfirmation Method="{Names.CM_BEARER}"><saml:SubjectConfirmationData {answered} '
            f'NotOnOrAfter="{end}" Recipient="{destination}"/></saml:SubjectConfirmation></saml:Subject>'
            f'<saml:Conditions NotBefore="{begin}" NotOnOrAfter="{end}"><saml:AudienceRestriction>'
            f"<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{at}"><saml:AuthnContext><saml:AuthnContextClassRef>{context}'
            "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
            f'<saml:AttributeStatement><saml:Attribute Name="mail"><saml:AttributeValue>{email}'
            "</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"
        )
        if is_signed:
            signer = keys or self.keys
            assertion = OneLogin_Saml2_Utils.add_sign(
                assertion,
                signer.key,
                signer.certificate,
                sign_algorithm=Names.RSA_SHA256,
                digest_algorithm=Names.SHA256,
            ).decode()
        assertion = assertion.partition("?>")[2] if assertion.startswith("<?") else assertion
        whole = (
            f'<samlp:Response xmlns:samlp="{Names.NS_SAMLP}" xmlns:saml="{Names.NS_SAML}" ID="_r{now.timestamp()}" '
            f'Version="2.0" IssueInstant="{at}" Destination="{destination}" {answered}>'
            f"<saml:Issuer>{self.url}</saml:Issuer><samlp:Status><samlp:StatusCode "
            f'Value="{Names.STATUS_SUCCESS}"/></samlp:Status>{assertion.replace(*change)}</samlp:Response>'
        )
        return base64.b64encode(whole.encode()).decode()


def browser() -> Client:
    """Return a browser, which names the host that it asks."""
    return Client(HTTP_HOST="testserver")


def send(client: Client, form: dict[str, str]) -> Any:
    """Post the provider's form, as the browser does, and follow to our answer."""
    first = client.post(ACS, form)
    assert (first.status_code, first["Location"]) == (302, f"{ACS}finish/")
    return client.get(first["Location"])


@pytest.fixture(scope="module")
def running_provider() -> Iterator[SAMLProvider]:
    """Serve the metadata of a provider on loopback."""
    keys = key_pair()

    class Metadata(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = f"http://localhost:{self.server.server_port}"
            text = (
                f'<md:EntityDescriptor xmlns:md="{Names.NS_MD}" xmlns:ds="{Names.NS_DS}" entityID="{url}">'
                f'<md:IDPSSODescriptor protocolSupportEnumeration="{Names.NS_SAMLP}"><md:KeyDescriptor use="signing">'
                f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{keys.body}</ds:X509Certificate></ds:X509Data>"
                f'</ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="{Names.BINDING_HTTP_REDIRECT}" '
                f'Location="{url}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
            )
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Metadata)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield SAMLProvider(f"http://localhost:{server.server_port}", keys)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def configure(settings, running_provider):
    """Return a function that makes the provider that of Burnaby, with changes."""

    def configure_provider(**changes: Any) -> None:
        facts = {
            "id": "burnaby",
            "city": "burnaby",
            "email_domains": ("cast.example",),
            "email_is_verified": True,
            "metadata_url": f"{running_provider.url}/metadata",
            "entity_id": running_provider.url,
        }
        settings.IDENTITY_PROVIDERS = (IdentityProvider(**{**facts, **changes}),)
        settings.SOCIALACCOUNT_PROVIDERS = allauth_providers(settings.IDENTITY_PROVIDERS)

    return configure_provider


@pytest.fixture
def provider(running_provider, db, configure) -> SAMLProvider:
    cities.city("burnaby")
    configure()
    return running_provider


def test_first_sign_in_links_person_with_same_address_and_later_ones_go_by_subject(provider, observer):
    client = browser()
    answer = send(client, provider.answer(client, f"{LOGIN}?next=/account/tokens/", email=observer.email))
    assert (answer.status_code, answer["Location"]) == (302, "/account/tokens/")
    assert is_signed_in(client)
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid) == (observer, "burnaby", "ann")
    again = browser()
    assert send(again, provider.answer(again, email="renamed@cast.example"))["Location"] == "/"
    assert again.get("/account/").context["user"] == observer


@pytest.mark.parametrize(
    "facts",
    [
        {"audience": "https://another.example/metadata/"},
        {"destination": "http://testserver/accounts/saml/other/acs/"},
        {"minutes": -5},
        {"is_signed": False},
        {"keys": key_pair()},
        {"change": ("ann</saml:NameID>", "bob</saml:NameID>")},
        {"in_response_to": None},
    ],
    ids=["audience", "destination", "end", "unsigned", "key", "changed", "unasked"],
)
def test_assertion_for_others_too_late_unsigned_changed_or_unasked_is_refused(provider, observer, facts):
    client = browser()
    refusal_of(send(client, provider.answer(client, email=observer.email, **facts)))
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_assertion_that_is_sent_again_or_from_another_browser_is_refused(provider, observer):
    client, other = browser(), browser()
    form = provider.answer(client, email=observer.email)
    assert send(other, form).status_code == 403
    assert send(client, form)["Location"] == "/"
    client.post("/accounts/logout/")
    assert send(client, form).status_code == 403
    assert not is_signed_in(client)
    assert not is_signed_in(other)


def test_unverified_address_from_the_provider_is_refused_and_links_no_account(provider, observer, configure):
    configure(email_is_verified=False)
    client = browser()
    assert "No account matches your address" in refusal_of(
        send(client, provider.answer(client, email=observer.email))
    )
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_identifier_that_changes_each_time_is_refused(provider, observer):
    client = browser()
    form = provider.answer(client, email=observer.email, name_id_format=Names.NAMEID_TRANSIENT)
    assert "different identifier each time" in refusal_of(send(client, form))
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_second_factor_counts_if_authentication_context_names_it(provider, officer, configure):
    configure(second_factor_values=(MFA,))
    set_up_app(signed_in(officer))
    for context, leads_to in ((Names.AC_PASSWORD, "/accounts/2fa/authenticate/"), (MFA, "/")):
        client = browser()
        form = provider.answer(client, email=officer.email, context=context)
        assert send(client, form)["Location"] == leads_to


def test_sign_in_says_so_if_metadata_cannot_be_read(provider, configure):
    configure(metadata_url="http://localhost:1/metadata")
    assert "did not respond as expected" in refusal_of(browser().get(LOGIN))


def test_sign_out_ends_session_here_and_no_unsigned_request_ends_it(provider, observer):
    client = browser()
    send(client, provider.answer(client, email=observer.email))
    assert client.get("/accounts/saml/burnaby/sls/")["Location"] == "/accounts/logout/"
    assert is_signed_in(client)
    page = client.post("/accounts/logout/", follow=True)
    assert "You are still signed in to the sign-in service of Burnaby" in page.content.decode()
    assert "Sign out (Burnaby)" not in page.content.decode()
    assert not is_signed_in(client)
    assert client.get("/accounts/signed-out/burnaby/there/")["Location"] == "/accounts/login/"


def test_own_metadata_names_address_for_answers(provider):
    text = browser().get("/accounts/saml/burnaby/metadata/").content.decode()
    assert f'Location="http://testserver{ACS}"' in text
    assert 'WantAssertionsSigned="true"' in text

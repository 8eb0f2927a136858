"""URLs of thank-yous."""

from django.urls import path

from procurement.thanks.portal import thank_you_document, thank_you_photo
from procurement.thanks.views import thank_you_detail, thank_you_message_redirect, thank_you_move, thank_yous

urlpatterns = [
    path("me/<int:pk>/thanked/<int:note>/photo.webp", thank_you_photo, name="my_thank_you_photo"),
    path("me/<int:pk>/thanked/<int:note>/<slug:which>/", thank_you_document, name="my_thank_you_document"),
    path("thank-yous/", thank_yous, name="thank_yous"),
    path("thank-yous/to/<int:pk>/", thank_you_message_redirect, name="thank_you_message"),
    path("thank-yous/<slug:reference>/", thank_you_detail, name="thank_you"),
    path("thank-yous/<slug:reference>/<slug:verb>/", thank_you_move, name="thank_you_move"),
]

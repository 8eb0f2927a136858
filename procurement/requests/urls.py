"""URLs of needs, their lines and unwanted goods."""

from django.urls import path

from procurement.requests.unwanted_goods.views import (
    add_entry,
    public_unwanted_goods,
    unwanted_goods,
    unwanted_goods_entry,
    unwanted_goods_move,
)
from procurement.requests.views.lines import edit_need_line, new_need_line
from procurement.requests.views.post import copy_need, need_draft_step, review_need, start_need
from procurement.requests.views.requests import need_detail, need_move, needs

urlpatterns = [
    path("needs/new/", start_need, name="add_need"),
    path("needs/<slug:reference>/write/<int:step>/", need_draft_step, name="write_need"),
    path("needs/<slug:reference>/review/", review_need, name="review_need"),
    path("needs/<slug:reference>/again/", copy_need, name="copy_need"),
    path("needs/", needs, name="needs"),
    path("needs/<slug:reference>/", need_detail, name="need"),
    path("needs/<slug:reference>/<slug:verb>/", need_move, name="need_move"),
    path("needs/<slug:reference>/lines/add/", new_need_line, name="add_line"),
    path("needs/<slug:reference>/lines/<int:number>/", edit_need_line, name="need_line"),
    path("do-not-send/", public_unwanted_goods, name="public_unwanted_goods"),
    path("unwanted-goods/", unwanted_goods, name="unwanted_goods"),
    path("unwanted-goods/new/", add_entry, name="add_unwanted_goods"),
    path("unwanted-goods/<slug:reference>/", unwanted_goods_entry, name="unwanted_goods_entry"),
    path("unwanted-goods/<slug:reference>/<slug:verb>/", unwanted_goods_move, name="unwanted_goods_move"),
]

"""The demo's shop for these tests."""

from shop_on_disk import broken, clock, services, shop_template

__all__ = ["broken", "clock", "services", "shop_template"]

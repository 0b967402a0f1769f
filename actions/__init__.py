"""The custom action server: a file a skill, a class an action, thin.

Everything that knows the business is in ``cantodesk/services``; an action asks a
service and chooses the reply. rasa-sdk registers what is imported here.
"""

from actions import cases, conversation, knowledge, orders, people, products, refunds, tickets

__all__ = [
    "cases",
    "conversation",
    "knowledge",
    "orders",
    "people",
    "products",
    "refunds",
    "tickets",
]

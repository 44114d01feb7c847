from django.apps import AppConfig


class AimsConfig(AppConfig):
    name = "aims"

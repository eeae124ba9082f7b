#include "CModel.h"

#ifndef LOAM_CMODEL_H
#define LOAM_CMODEL_H
#endif
